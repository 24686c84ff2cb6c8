// Command pulumi-resource-docker serves the upstream Terraform Docker provider to Pulumi, for machines that cannot
// download the plugin. Resource names are those of the npm package @pulumi/docker of the same version.
//
// schema.json is embedded; after a change here, or of the upstream version, write it anew:
//
//	go run . schema --out . --skip-docs --skip-examples
package main

import (
	_ "embed"
	"os"
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfgen"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/terraform-providers/terraform-provider-docker/shim"
)

//go:embed schema.json
var pulumiSchema []byte

const version = "5.2.0"

func info() tfbridge.ProviderInfo {
	resources := map[string]*tfbridge.ResourceInfo{}
	for tf, name := range map[string]string{
		"docker_container": "Container", "docker_image": "RemoteImage", "docker_registry_image": "RegistryImage",
		"docker_network": "Network", "docker_volume": "Volume", "docker_config": "ServiceConfig",
		"docker_secret": "Secret", "docker_service": "Service", "docker_plugin": "Plugin", "docker_tag": "Tag",
		"docker_buildx_builder": "BuildxBuilder",
	} {
		module := strings.ToLower(name[:1]) + name[1:]
		resources[tf] = &tfbridge.ResourceInfo{Tok: tokens.Type("docker:index/" + module + ":" + name)}
	}
	p := shim.New(version)
	// Neither is used by swarmctl, and @pulumi/docker knows no docker_compose.
	p.DataSourcesMap = nil
	delete(p.ResourcesMap, "docker_compose")
	return tfbridge.ProviderInfo{
		P: shimv2.NewProvider(p), Name: "docker", Version: version, Resources: resources,
		GitHubOrg: "kreuzwerker", MetadataInfo: nil,
		JavaScript: &tfbridge.JavaScriptInfo{},
	}
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "schema" {
		tfgen.Main("docker", version, info())
		return
	}
	tfbridge.Main("docker", version, info(), pulumiSchema)
}
