package main

import (
	"strings"

	"github.com/spf13/pflag"
	"google.golang.org/protobuf/reflect/protoreflect"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// settings are where the hub is, who calls, and what for.
type settings struct {
	Endpoint     string `yaml:"endpoint,omitempty"`
	BulkEndpoint string `yaml:"bulk_endpoint,omitempty"`
	HubCA        string `yaml:"hub_ca,omitempty"`
	HubID        string `yaml:"hub_id,omitempty"`
	ServerName   string `yaml:"server_name,omitempty"`
	Cert         string `yaml:"cert,omitempty"`
	Key          string `yaml:"key,omitempty"`
	Officer      string `yaml:"officer,omitempty"`
	Purpose      string `yaml:"purpose,omitempty"`
	Case         string `yaml:"case,omitempty"`
	Reason       string `yaml:"reason,omitempty"`
}

// setting is one of them, with its flag.
type setting struct {
	name, help string
	value      *string
}

// list is all of them, in the order of the help.
func (s *settings) list() []setting {
	return []setting{
		{"endpoint", "host:port of the hub", &s.Endpoint},
		{"bulk-endpoint", "host:port of its listener for bulk streams; asked of the hub where not given", &s.BulkEndpoint},
		{"hub-ca", "file with the hub's authority, hub-ca.crt, PEM", &s.HubCA},
		{"hub-id", "SPIFFE id that the hub's certificate must have, as in spiffe://operator.example/hub", &s.HubID},
		{"server-name", "name in the hub's certificate, where it is not the host of the endpoint", &s.ServerName},
		{"cert", "file with the own certificate, PEM", &s.Cert},
		{"key", "file with its key, PEM", &s.Key},
		{"officer", "officer on whose behalf the call is made", &s.Officer},
		{"purpose", "what the call is for, as in INVESTIGATION", &s.Purpose},
		{"case", "reference of the own case", &s.Case},
		{"reason", "reason in words, where there is no case", &s.Reason},
	}
}

func (s *settings) flags(f *pflag.FlagSet) {
	for _, each := range s.list() {
		f.StringVar(each.value, each.name, "", each.help)
	}
}

// under fills in what is not set from others.
func (s settings) under(others settings) settings {
	mine, theirs := s.list(), others.list()
	for i := range mine {
		if *mine[i].value == "" {
			*mine[i].value = *theirs[i].value
		}
	}
	return s
}

// settings are those that hold: flags before environment before context.
func (a *app) settings() (settings, error) {
	var environment settings
	for _, each := range environment.list() {
		*each.value = a.env("ENTENTE_" + strings.ToUpper(strings.ReplaceAll(each.name, "-", "_")))
	}
	s := a.given.under(environment)
	file, err := a.readContexts()
	if err != nil {
		return s, err
	}
	name := a.context
	if name == "" {
		name = a.env("ENTENTE_CONTEXT")
	}
	if name == "" {
		name = file.Current
	}
	if name == "" {
		return s, nil
	}
	stored, ok := file.Contexts[name]
	if !ok {
		return s, usage("there is no context " + name + "; `entente context list` names them")
	}
	return s.under(stored), nil
}

// check finds what cannot be right in settings that are to be kept.
func (s settings) check() error {
	for _, endpoint := range []string{s.Endpoint, s.BulkEndpoint} {
		if endpoint != "" && hostOf(endpoint) == "" {
			return usage(noEndpoint)
		}
	}
	_, err := s.justification()
	return err
}

// justification is what the settings say of who asks, for what and why.
func (s settings) justification() (map[string]any, error) {
	j := map[string]any{"officer": s.Officer, "caseReference": s.Case, "reason": s.Reason}
	if s.Purpose != "" {
		names, err := chosen("purpose", purposeEnum(), []string{s.Purpose})
		if err != nil {
			return nil, err
		}
		j["purpose"] = names[0]
	}
	return j, nil
}

func purposeEnum() protoreflect.EnumDescriptor { return ententev1.ProcessingPurpose(0).Descriptor() }
