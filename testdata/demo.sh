#!/bin/sh
# The README's demo: scans the SBOM of an infusion pump against the built-in
# starter database and explains the exit code it got. No network is needed.
bin=$1
sbom=testdata/sbom/infusion-pump.cdx.json

echo "\$ medsbom scan --db starter $sbom"
echo
"$bin" scan --db starter "$sbom"
code=$?

echo
echo "The scan ended with exit code $code:"
case $code in
0) echo "  no product fails the gate." ;;
1) echo "  the pump fails for risk: parts of it are known to be exploited by attackers."
	echo "  A build or a purchase stops here. The starter database can say that; that a"
	echo "  product is good it can never say." ;;
2) echo "  something went wrong: nothing could be read, or the command was wrong." ;;
3) echo "  it could not be told: the evidence is not enough." ;;
esac
echo
echo "What next?"
echo "  $bin scan --db starter -f json $sbom   everything, as data"
echo "  $bin db build --from FEEDS             a full database from OSV, KEV and EPSS files"
echo "  $bin scan YOUR-SBOM-OR-FOLDER          your own products"

# The demo is right if it found what is in the file.
[ "$code" -eq 1 ]
