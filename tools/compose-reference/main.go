// compose-reference says what the docker client makes of compose files, with the client's own code: the measure for
// what swarmctl sends. It is built for tests only.
//
//	compose-reference convert STACK FILE...        the objects that `docker stack deploy` would create
//	compose-reference properties                   the keys that the client ignores or refuses
//	compose-reference stack config -c FILE...      as `docker stack config`, so that it can stand in for the client
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/docker/cli/cli/command/stack/loader"
	composeloader "github.com/docker/cli/cli/compose/loader"
	"github.com/docker/cli/cli/compose/convert"
	composetypes "github.com/docker/cli/cli/compose/types"
	"github.com/docker/docker/api/types/swarm"
	"github.com/docker/docker/client"
	"github.com/spf13/pflag"
	"gopkg.in/yaml.v3"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) > 2 && args[0] == "convert":
		return convertFiles(convert.NewNamespace(args[1]), args[2:])
	case len(args) == 1 && args[0] == "properties":
		return print(map[string]any{
			"unsupported": composetypes.UnsupportedProperties,
			"deprecated":  composetypes.DeprecatedProperties,
			"forbidden":   composetypes.ForbiddenProperties,
		})
	case len(args) > 2 && args[0] == "stack" && args[1] == "config":
		return config(args[2:])
	}
	return errors.New("usage: compose-reference convert STACK FILE... | properties | stack config -c FILE...")
}

// config does what `docker stack config` does.
func config(args []string) error {
	flags := pflag.NewFlagSet("config", pflag.ContinueOnError)
	files := flags.StringSliceP("compose-file", "c", nil, "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	composed, err := load(*files)
	if err != nil {
		return err
	}
	return yaml.NewEncoder(os.Stdout).Encode(composed)
}

func load(files []string) (*composetypes.Config, error) {
	details, err := loader.GetConfigDetails(files, os.Stdin)
	if err != nil {
		return nil, err
	}
	return composeloader.Load(details)
}

// convertFiles does what `docker stack deploy` does up to its first request, in the order of deployCompose.
func convertFiles(namespace convert.Namespace, files []string) error {
	composed, err := load(files)
	if err != nil {
		return err
	}
	networks, externals := convert.Networks(namespace, composed.Networks, usedNetworks(composed))
	secrets, err := convert.Secrets(namespace, composed.Secrets)
	if err != nil {
		return err
	}
	configs, err := convert.Configs(namespace, composed.Configs)
	if err != nil {
		return err
	}
	services, err := convert.Services(context.Background(), namespace, composed, everything{})
	if err != nil {
		return err
	}
	return print(map[string]any{
		"networks": networks, "externalNetworks": externals,
		"secrets": secrets, "configs": configs, "services": services,
	})
}

func usedNetworks(composed *composetypes.Config) map[string]struct{} {
	used := map[string]struct{}{}
	for _, service := range composed.Services {
		if len(service.Networks) == 0 {
			used["default"] = struct{}{}
		}
		for name := range service.Networks {
			used[name] = struct{}{}
		}
	}
	return used
}

// everything is a swarm that has every config and secret it is asked for, under its name as the id.
type everything struct{ client.APIClient }

func (everything) ClientVersion() string { return "1.51" }

func (everything) SecretList(_ context.Context, options swarm.SecretListOptions) ([]swarm.Secret, error) {
	var secrets []swarm.Secret
	for _, name := range options.Filters.Get("name") {
		secrets = append(secrets, swarm.Secret{ID: name, Spec: swarm.SecretSpec{Annotations: swarm.Annotations{Name: name}}})
	}
	return secrets, nil
}

func (everything) ConfigList(_ context.Context, options swarm.ConfigListOptions) ([]swarm.Config, error) {
	var configs []swarm.Config
	for _, name := range options.Filters.Get("name") {
		configs = append(configs, swarm.Config{ID: name, Spec: swarm.ConfigSpec{Annotations: swarm.Annotations{Name: name}}})
	}
	return configs, nil
}

func print(value any) error {
	return json.NewEncoder(os.Stdout).Encode(value)
}
