// SPDX-License-Identifier: Apache-2.0

package cyclonedx

// The keys of formulas and of cryptographic properties, which are checked and
// passed over.
var (
	algorithmMembers = []member{
		{"primitive", aWord, "drbg mac block-cipher stream-cipher signature hash pke xof kdf key-agree kem ae combiner other unknown key-wrap"},
		{"parameterSetIdentifier", aText, ""},
		{"curve", aText, ""},
		{"executionEnvironment", aWord, "software-plain-ram software-encrypted-ram software-tee hardware other unknown"},
		{"implementationPlatform", aWord, "generic x86_32 x86_64 armv7-a armv7-m armv8-a armv8-m armv9-a armv9-m s390x ppc64 ppc64le other unknown"},
		{"certificationLevel", aWord | each, "none fips140-1-l1 fips140-1-l2 fips140-1-l3 fips140-1-l4 fips140-2-l1 fips140-2-l2 fips140-2-l3 fips140-2-l4 fips140-3-l1 fips140-3-l2 fips140-3-l3 fips140-3-l4 cc-eal1 cc-eal1+ cc-eal2 cc-eal2+ cc-eal3 cc-eal3+ cc-eal4 cc-eal4+ cc-eal5 cc-eal5+ cc-eal6 cc-eal6+ cc-eal7 cc-eal7+ other unknown"},
		{"mode", aWord, "cbc ecb ccm gcm cfb ofb ctr other unknown"},
		{"padding", aWord, "pkcs5 pkcs7 pkcs1v15 oaep raw other unknown"},
		{"cryptoFunctions", aWord | each, "generate keygen encrypt decrypt digest tag keyderive sign verify encapsulate decapsulate other unknown"},
		{"classicalSecurityLevel", aNumber, ""},
		{"nistQuantumSecurityLevel", aNumber, ""},
		{"algorithmFamily", aText, ""},
		{"ellipticCurve", aText, ""},
	}
	certificateMembers = []member{
		{"subjectName", aText, ""},
		{"issuerName", aText, ""},
		{"notValidBefore", aTime, ""},
		{"notValidAfter", aTime, ""},
		{"signatureAlgorithmRef", aText, ""},
		{"subjectPublicKeyRef", aText, ""},
		{"certificateFormat", aText, ""},
		{"certificateExtension", aText, ""},
		{"serialNumber", aText, ""},
		{"certificateFileExtension", aText, ""},
		{"fingerprint", shapeHash, ""},
		{"certificateState", shapeCertificateState | each, ""},
		{"creationDate", aTime, ""},
		{"activationDate", aTime, ""},
		{"deactivationDate", aTime, ""},
		{"revocationDate", aTime, ""},
		{"destructionDate", aTime, ""},
		{"certificateExtensions", shapeCertificateExtension | each, ""},
		{"relatedCryptographicAssets", shapeRelatedCryptographicAsset | each, ""},
	}
	certificateExtensionMembers = []member{
		{"commonExtensionName", aWord, "basicConstraints keyUsage extendedKeyUsage subjectAlternativeName authorityKeyIdentifier subjectKeyIdentifier authorityInformationAccess certificatePolicies crlDistributionPoints signedCertificateTimestamp"},
		{"commonExtensionValue", aText, ""},
		{"customExtensionName", aText, ""},
		{"customExtensionValue", aText, ""},
	}
	certificateStateMembers = []member{
		{"state", aWord, "pre-activation active suspended deactivated revoked destroyed"},
		{"reason", aText, ""},
		{"name", aText, ""},
		{"description", aText, ""},
	}
	cipherSuiteMembers = []member{
		{"name", aText, ""},
		{"algorithms", aText | each, ""},
		{"identifiers", aText | each, ""},
		{"tlsGroups", aText | each, ""},
		{"tlsSignatureSchemes", aText | each, ""},
	}
	commandMembers = []member{
		{"executed", aText, ""}, {"properties", shapeProperty | each, ""},
	}
	conditionMembers = []member{
		{"description", aText, ""}, {"expression", aText, ""}, {"properties", shapeProperty | each, ""},
	}
	cryptoMembers = []member{
		{"assetType", aWord | need, "algorithm certificate protocol related-crypto-material"},
		{"algorithmProperties", shapeAlgorithm, ""},
		{"certificateProperties", shapeCertificate, ""},
		{"relatedCryptoMaterialProperties", shapeCryptoMaterial, ""},
		{"protocolProperties", shapeProtocol, ""},
		{"oid", aText, ""},
	}
	cryptoMaterialMembers = []member{
		{"type", aWord, "private-key public-key secret-key key ciphertext signature digest initialization-vector nonce seed salt shared-secret tag additional-data password credential token other unknown"},
		{"id", aText, ""},
		{"state", aWord, "pre-activation active suspended deactivated compromised destroyed"},
		{"algorithmRef", aText, ""},
		{"creationDate", aTime, ""},
		{"activationDate", aTime, ""},
		{"updateDate", aTime, ""},
		{"expirationDate", aTime, ""},
		{"value", aText, ""},
		{"size", aNumber, ""},
		{"format", aText, ""},
		{"securedBy", shapeSecuredBy, ""},
		{"fingerprint", shapeHash, ""},
		{"relatedCryptographicAssets", shapeRelatedCryptographicAsset | each, ""},
	}
	eventMembers = []member{
		{"uid", aText, ""},
		{"description", aText, ""},
		{"timeReceived", aTime, ""},
		{"data", shapeAttachment, ""},
		{"source", shapeResource, ""},
		{"target", shapeResource, ""},
		{"properties", shapeProperty | each, ""},
	}
	formulaMembers = []member{
		{"bom-ref", aText, ""},
		{"components", shapeComponent | each, ""},
		{"services", shapeService | each, ""},
		{"workflows", shapeWorkflow | each, ""},
		{"properties", shapeProperty | each, ""},
	}
	ikev2TransformsMembers = []member{
		{"encr", anyValue, ""}, {"prf", anyValue, ""}, {"integ", anyValue, ""}, {"ke", anyValue, ""}, {"esn", aBool, ""}, {"auth", anyValue, ""},
	}
	inputTypeMembers = []member{
		{"source", shapeResource, ""},
		{"target", shapeResource, ""},
		{"resource", shapeResource, ""},
		{"parameters", shapeParameter | each, ""},
		{"environmentVars", aList, ""},
		{"data", shapeAttachment, ""},
		{"properties", shapeProperty | each, ""},
	}
	outputTypeMembers = []member{
		{"type", aWord, "artifact attestation log evidence metrics other"},
		{"source", shapeResource, ""},
		{"target", shapeResource, ""},
		{"resource", shapeResource, ""},
		{"data", shapeAttachment, ""},
		{"environmentVars", aList, ""},
		{"properties", shapeProperty | each, ""},
	}
	parameterMembers = []member{
		{"name", aText, ""}, {"value", aText, ""}, {"dataType", aText, ""},
	}
	protocolMembers = []member{
		{"type", aWord, "tls ssh ipsec ike sstp wpa other unknown dtls quic eap-aka eap-aka-prime prins 5g-aka"},
		{"version", aText, ""},
		{"cipherSuites", shapeCipherSuite | each, ""},
		{"ikev2TransformTypes", shapeIkev2Transforms, ""},
		{"cryptoRefArray", aText | each, ""},
		{"relatedCryptographicAssets", shapeRelatedCryptographicAsset | each, ""},
	}
	relatedCryptographicAssetMembers = []member{
		{"type", aText, ""}, {"ref", aText, ""},
	}
	resourceMembers = []member{
		{"ref", aText, ""}, {"externalReference", shapeExternalReference, ""},
	}
	securedByMembers = []member{
		{"mechanism", aText, ""}, {"algorithmRef", aText, ""},
	}
	stepMembers = []member{
		{"name", aText, ""}, {"description", aText, ""}, {"commands", shapeCommand | each, ""}, {"properties", shapeProperty | each, ""},
	}
	taskMembers = []member{
		{"bom-ref", aText | need, ""},
		{"uid", aText | need, ""},
		{"name", aText, ""},
		{"description", aText, ""},
		{"resourceReferences", shapeResource | each, ""},
		{"taskTypes", aWord | each | need, "copy clone lint scan merge build test deliver deploy release clean other"},
		{"trigger", shapeTrigger, ""},
		{"steps", shapeStep | each, ""},
		{"inputs", shapeInputType | each, ""},
		{"outputs", shapeOutputType | each, ""},
		{"timeStart", aTime, ""},
		{"timeEnd", aTime, ""},
		{"workspaces", shapeWorkspace | each, ""},
		{"runtimeTopology", shapeDependency | each, ""},
		{"properties", shapeProperty | each, ""},
	}
	triggerMembers = []member{
		{"bom-ref", aText | need, ""},
		{"uid", aText | need, ""},
		{"name", aText, ""},
		{"description", aText, ""},
		{"resourceReferences", shapeResource | each, ""},
		{"type", aWord | need, "manual api webhook scheduled"},
		{"event", shapeEvent, ""},
		{"conditions", shapeCondition | each, ""},
		{"timeActivated", aTime, ""},
		{"inputs", shapeInputType | each, ""},
		{"outputs", shapeOutputType | each, ""},
		{"properties", shapeProperty | each, ""},
	}
	volumeMembers = []member{
		{"uid", aText, ""},
		{"name", aText, ""},
		{"mode", aWord, "filesystem block"},
		{"path", aText, ""},
		{"sizeAllocated", aText, ""},
		{"persistent", aBool, ""},
		{"remote", aBool, ""},
		{"properties", shapeProperty | each, ""},
	}
	workflowMembers = []member{
		{"bom-ref", aText | need, ""},
		{"uid", aText | need, ""},
		{"name", aText, ""},
		{"description", aText, ""},
		{"resourceReferences", shapeResource | each, ""},
		{"tasks", shapeTask | each, ""},
		{"taskDependencies", shapeDependency | each, ""},
		{"taskTypes", aWord | each | need, "copy clone lint scan merge build test deliver deploy release clean other"},
		{"trigger", shapeTrigger, ""},
		{"steps", shapeStep | each, ""},
		{"inputs", shapeInputType | each, ""},
		{"outputs", shapeOutputType | each, ""},
		{"timeStart", aTime, ""},
		{"timeEnd", aTime, ""},
		{"workspaces", shapeWorkspace | each, ""},
		{"runtimeTopology", shapeDependency | each, ""},
		{"properties", shapeProperty | each, ""},
	}
	workspaceMembers = []member{
		{"bom-ref", aText | need, ""},
		{"uid", aText | need, ""},
		{"name", aText, ""},
		{"aliases", aText | each, ""},
		{"description", aText, ""},
		{"resourceReferences", shapeResource | each, ""},
		{"accessMode", aWord, "read-only read-write read-write-once write-once write-only"},
		{"mountPath", aText, ""},
		{"managedDataType", aText, ""},
		{"volumeRequest", aText, ""},
		{"volume", shapeVolume, ""},
		{"properties", shapeProperty | each, ""},
	}
)
