// SPDX-License-Identifier: Apache-2.0

package purl

import "strings"

// A known maps a product of the CPE dictionary to a package. Vendors are those
// under which the product is listed, or which SBOM generators write, with
// spaces between them; "-" is written as "_". Where a product is released as
// several packages there is one entry for each that advisories name.
type known struct {
	vendors, product string
	ecosystem, name  string
}

// of reports whether the product is one of this vendor's.
func (k *known) of(vendor string) bool {
	rest := k.vendors
	for {
		i := strings.Index(rest, vendor)
		if i < 0 || vendor == "" {
			return false
		}
		end := i + len(vendor)
		if (i == 0 || rest[i-1] == ' ') && (end == len(rest) || rest[end] == ' ') {
			return true
		}
		rest = rest[end:]
	}
}

var products = [...]known{
	// Maven
	{"apache", "log4j", "Maven", "org.apache.logging.log4j:log4j-core"},
	{"apache", "log4j", "Maven", "log4j:log4j"},
	{"apache", "log4j_core", "Maven", "org.apache.logging.log4j:log4j-core"},
	{"apache", "tomcat", "Maven", "org.apache.tomcat.embed:tomcat-embed-core"},
	{"apache", "tomcat", "Maven", "org.apache.tomcat:tomcat-catalina"},
	{"apache", "tomcat", "Maven", "org.apache.tomcat:tomcat-coyote"},
	{"apache", "struts", "Maven", "org.apache.struts:struts2-core"},
	{"apache", "commons_text", "Maven", "org.apache.commons:commons-text"},
	{"apache", "commons_lang", "Maven", "org.apache.commons:commons-lang3"},
	{"apache", "commons_lang3", "Maven", "org.apache.commons:commons-lang3"},
	{"apache", "commons_collections", "Maven", "commons-collections:commons-collections"},
	{"apache", "commons_collections", "Maven", "org.apache.commons:commons-collections4"},
	{"apache", "commons_fileupload", "Maven", "commons-fileupload:commons-fileupload"},
	{"apache", "commons_io", "Maven", "commons-io:commons-io"},
	{"apache", "commons_compress", "Maven", "org.apache.commons:commons-compress"},
	{"apache", "commons_configuration", "Maven", "org.apache.commons:commons-configuration2"},
	{"apache", "commons_beanutils", "Maven", "commons-beanutils:commons-beanutils"},
	{"apache", "activemq", "Maven", "org.apache.activemq:activemq-broker"},
	{"apache", "activemq", "Maven", "org.apache.activemq:activemq-client"},
	{"apache", "shiro", "Maven", "org.apache.shiro:shiro-core"},
	{"apache", "shiro", "Maven", "org.apache.shiro:shiro-web"},
	{"apache", "tika", "Maven", "org.apache.tika:tika-core"},
	{"apache", "tika", "Maven", "org.apache.tika:tika-parsers"},
	{"apache", "xerces2_java", "Maven", "xerces:xercesImpl"},
	{"apache", "velocity_engine", "Maven", "org.apache.velocity:velocity-engine-core"},
	{"apache", "poi", "Maven", "org.apache.poi:poi"},
	{"apache", "pdfbox", "Maven", "org.apache.pdfbox:pdfbox"},
	{"apache", "camel", "Maven", "org.apache.camel:camel-core"},
	{"apache", "cxf", "Maven", "org.apache.cxf:cxf-core"},
	{"apache", "solr", "Maven", "org.apache.solr:solr-core"},
	{"apache", "kafka", "Maven", "org.apache.kafka:kafka-clients"},
	{"apache", "mina", "Maven", "org.apache.mina:mina-core"},
	{"apache", "derby", "Maven", "org.apache.derby:derby"},
	{"apache", "httpclient", "Maven", "org.apache.httpcomponents:httpclient"},
	{"fasterxml com.fasterxml.jackson.core", "jackson_databind", "Maven", "com.fasterxml.jackson.core:jackson-databind"},
	{"fasterxml com.fasterxml.jackson.core", "jackson_core", "Maven", "com.fasterxml.jackson.core:jackson-core"},
	{"vmware pivotal pivotal_software springsource springsource_spring_framework", "spring_framework", "Maven", "org.springframework:spring-beans"},
	{"vmware pivotal pivotal_software springsource springsource_spring_framework", "spring_framework", "Maven", "org.springframework:spring-core"},
	{"vmware pivotal pivotal_software springsource springsource_spring_framework", "spring_framework", "Maven", "org.springframework:spring-web"},
	{"vmware pivotal pivotal_software springsource springsource_spring_framework", "spring_framework", "Maven", "org.springframework:spring-webmvc"},
	{"vmware pivotal pivotal_software", "spring_boot", "Maven", "org.springframework.boot:spring-boot"},
	{"vmware pivotal pivotal_software", "spring_security", "Maven", "org.springframework.security:spring-security-core"},
	{"vmware pivotal pivotal_software", "spring_security", "Maven", "org.springframework.security:spring-security-web"},
	{"netty", "netty", "Maven", "io.netty:netty-codec-http"},
	{"netty", "netty", "Maven", "io.netty:netty-handler"},
	{"eclipse mortbay", "jetty", "Maven", "org.eclipse.jetty:jetty-server"},
	{"eclipse mortbay", "jetty", "Maven", "org.eclipse.jetty:jetty-http"},
	{"snakeyaml_project", "snakeyaml", "Maven", "org.yaml:snakeyaml"},
	{"google", "gson", "Maven", "com.google.code.gson:gson"},
	{"google", "guava", "Maven", "com.google.guava:guava"},
	{"google", "protobuf_java", "Maven", "com.google.protobuf:protobuf-java"},
	{"h2database", "h2", "Maven", "com.h2database:h2"},
	{"hsqldb", "hypersql_database", "Maven", "org.hsqldb:hsqldb"},
	{"postgresql", "postgresql_jdbc_driver", "Maven", "org.postgresql:postgresql"},
	{"oracle", "mysql_connector/j", "Maven", "mysql:mysql-connector-java"},
	{"oracle", "mysql_connector/j", "Maven", "com.mysql:mysql-connector-j"},
	{"xstream_project xstream", "xstream", "Maven", "com.thoughtworks.xstream:xstream"},
	{"dom4j_project", "dom4j", "Maven", "dom4j:dom4j"},
	{"dom4j_project", "dom4j", "Maven", "org.dom4j:dom4j"},
	{"bouncycastle", "legion_of_the_bouncy_castle_java_crytography_api", "Maven", "org.bouncycastle:bcprov-jdk15on"},
	{"bouncycastle", "bc_java", "Maven", "org.bouncycastle:bcprov-jdk18on"},
	{"hibernate redhat", "hibernate_orm", "Maven", "org.hibernate:hibernate-core"},
	{"qos", "logback", "Maven", "ch.qos.logback:logback-core"},
	{"qos", "logback", "Maven", "ch.qos.logback:logback-classic"},
	{"alibaba", "fastjson", "Maven", "com.alibaba:fastjson"},
	{"hapifhir", "hl7_fhir_core", "Maven", "ca.uhn.hapi.fhir:org.hl7.fhir.core"},
	// npm
	{"jquery", "jquery", "npm", "jquery"},
	{"jquery jqueryui", "jquery_ui", "npm", "jquery-ui"},
	{"getbootstrap twbs", "bootstrap", "npm", "bootstrap"},
	{"lodash", "lodash", "npm", "lodash"},
	{"angularjs google", "angularjs", "npm", "angular"},
	{"momentjs", "moment", "npm", "moment"},
	{"axios", "axios", "npm", "axios"},
	{"minimist_project substack", "minimist", "npm", "minimist"},
	{"handlebars.js_project handlebarsjs", "handlebars", "npm", "handlebars"},
	{"openjsf expressjs", "express", "npm", "express"},
	{"follow_redirects_project follow_redirects", "follow_redirects", "npm", "follow-redirects"},
	{"node_fetch_project", "node_fetch", "npm", "node-fetch"},
	{"ws_project", "ws", "npm", "ws"},
	{"vercel zeit", "next.js", "npm", "next"},
	{"facebook", "react", "npm", "react"},
	{"vuejs", "vue.js", "npm", "vue"},
	{"socket", "socket.io", "npm", "socket.io"},
	{"underscorejs", "underscore", "npm", "underscore"},
	{"chartjs", "chart.js", "npm", "chart.js"},
	// PyPI
	{"djangoproject", "django", "PyPI", "django"},
	{"palletsprojects", "flask", "PyPI", "flask"},
	{"palletsprojects pocoo", "jinja", "PyPI", "jinja2"},
	{"palletsprojects pocoo", "jinja2", "PyPI", "jinja2"},
	{"palletsprojects", "werkzeug", "PyPI", "werkzeug"},
	{"python requests_project python_requests", "requests", "PyPI", "requests"},
	{"python urllib3_project", "urllib3", "PyPI", "urllib3"},
	{"python", "pillow", "PyPI", "pillow"},
	{"pyyaml", "pyyaml", "PyPI", "pyyaml"},
	{"numpy", "numpy", "PyPI", "numpy"},
	{"google", "tensorflow", "PyPI", "tensorflow"},
	{"cryptography.io cryptography_project", "cryptography", "PyPI", "cryptography"},
	{"paramiko", "paramiko", "PyPI", "paramiko"},
	{"lxml", "lxml", "PyPI", "lxml"},
	{"aiohttp", "aiohttp", "PyPI", "aiohttp"},
	{"tornadoweb", "tornado", "PyPI", "tornado"},
	{"linuxfoundation pytorch", "pytorch", "PyPI", "torch"},
	// NuGet
	{"newtonsoft", "json.net", "NuGet", "Newtonsoft.Json"},
	{"apache", "log4net", "NuGet", "log4net"},
	{"restsharp", "restsharp", "NuGet", "RestSharp"},
	{"sharpziplib_project icsharpcode", "sharpziplib", "NuGet", "SharpZipLib"},
	// RubyGems, Packagist, Go
	{"rubyonrails", "rails", "RubyGems", "rails"},
	{"rack_project rack", "rack", "RubyGems", "rack"},
	{"nokogiri", "nokogiri", "RubyGems", "nokogiri"},
	{"guzzlephp", "guzzle", "Packagist", "guzzlehttp/guzzle"},
	{"sensiolabs symfony", "symfony", "Packagist", "symfony/symfony"},
	{"phpmailer_project", "phpmailer", "Packagist", "phpmailer/phpmailer"},
	{"symfony", "twig", "Packagist", "twig/twig"},
	{"golang", "go", "Go", "stdlib"},
	{"gin_gonic", "gin", "Go", "github.com/gin-gonic/gin"},
}
