package main

import (
	"context"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-1d76a664/entente/internal/identity"
)

func (a *app) whoAmICommand() *cobra.Command {
	return &cobra.Command{
		Use: "whoami", Short: "What the hub takes the certificate for, its rights and limits", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			got, err := a.call(cmd.Context(), "AgencyService/WhoAmI", nil)
			if err != nil {
				return err
			}
			return a.print(got, view{})
		},
	}
}

func agencyName(id string) string { return "agencies/" + strings.TrimPrefix(id, "agencies/") }

func (a *app) agencyCommand() *cobra.Command {
	c := parent("agency", "Partner agencies: duty contacts, certificates, standing")
	list := &cobra.Command{Use: "list", Short: "List the agencies", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return a.pages(cmd.Context(), "AgencyService/ListAgencies", "agencies", map[string]any{}, 0, view{rows: "agencies", columns: []column{
			{"NAME", "name"}, {"DISPLAY NAME", "displayName"}, {"COUNTRY", "regionCode"}, {"STATUS", "status"}, {"TRUST DOMAIN", "trustDomain"},
		}})
	}}
	get := &cobra.Command{Use: "get ID", Short: "Show an agency with its duty contacts", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return a.answer(cmd.Context(), "AgencyService/GetAgency", "agency", map[string]any{"name": agencyName(args[0])})
	}}
	c.AddCommand(list, get, a.enrolCommand(), a.updateCommand(), a.revokeCommand(),
		a.standingCommand("suspend", "SuspendAgency", "Cut an agency off for the time being (operator)"),
		a.standingCommand("reinstate", "ReinstateAgency", "End a suspension (operator)"),
		a.standingCommand("expel", "ExpelAgency", "Cut an agency off for ever (operator)"))
	return c
}

func (a *app) enrolCommand() *cobra.Command {
	var name, region, domain, bundle, file string
	c := &cobra.Command{
		Use: "enrol ID", Short: "Take an agency in (operator)", Args: cobra.ExactArgs(1),
		Example: "  entente agency enrol fr-ofast --name OFAST --region FR --trust-domain ofast.example --bundle ofast-ca.crt",
		RunE: func(cmd *cobra.Command, args []string) error {
			draft := map[string]any{}
			if file != "" {
				read, err := a.readObject(file)
				if err != nil {
					return err
				}
				draft = read
			}
			for field, value := range map[string]string{"displayName": name, "regionCode": region, "trustDomain": domain} {
				if value != "" {
					draft[field] = value
				}
			}
			if err := a.putBundle(draft, bundle); err != nil {
				return err
			}
			return a.answer(cmd.Context(), "AgencyService/EnrolAgency", "agency", map[string]any{"agencyId": args[0], "draft": draft})
		},
	}
	c.Flags().StringVar(&name, "name", "", "name of the agency")
	c.Flags().StringVar(&region, "region", "", "its country, ISO 3166-1 alpha-2")
	c.Flags().StringVar(&domain, "trust-domain", "", "its SPIFFE trust domain")
	c.Flags().StringVar(&bundle, "bundle", "", "file with its CA certificates, PEM")
	c.Flags().StringVarP(&file, "file", "f", "", "file with the rest of the draft: bindings, units, duty contacts")
	return a.writes(c)
}

// putBundle puts the authorities in a file into a body, and says their fingerprints: those must be compared with what
// the agency says they are. What is wrong with a bundle is the hub's to say.
func (a *app) putBundle(into map[string]any, path string) error {
	if path == "" {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return usage(err.Error())
	}
	into["bundlePem"] = string(text)
	if authorities, err := identity.ParseBundle(string(text)); err == nil {
		for _, each := range authorities {
			a.say("Authority in %s: %s", path, identity.Fingerprint(each))
		}
	}
	return nil
}

func (a *app) updateCommand() *cobra.Command {
	var bundle, file, etag string
	c := &cobra.Command{
		Use: "update ID", Short: "Change the own agency: bundle, bindings, units, duty contacts", Args: cobra.ExactArgs(1),
		Long: "Changes what is given and leaves the rest. During a change of authority the bundle holds the\nold and the new one. For the operator it is the recovery of a bundle: the agency is suspended,\nall are told, and the bundle takes effect after a delay.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if bundle == "" && file == "" {
				return usage("nothing is to be changed: give --bundle or --file")
			}
			body := map[string]any{}
			if file != "" {
				read, err := a.readObject(file)
				if err != nil {
					return err
				}
				body = read
			}
			if err := a.putBundle(body, bundle); err != nil {
				return err
			}
			body["name"] = agencyName(args[0])
			if err := a.basedOnCurrent(cmd.Context(), body, etag, "AgencyService/GetAgency", "agency"); err != nil {
				return err
			}
			return a.answer(cmd.Context(), "AgencyService/UpdateAgency", "agency", body)
		},
	}
	c.Flags().StringVar(&bundle, "bundle", "", "file with the CA certificates, PEM")
	c.Flags().StringVarP(&file, "file", "f", "", "file with displayName, bindings, units, dutyContacts")
	c.Flags().StringVar(&etag, "etag", "", "etag that the change is based on; the current one where not given")
	return a.writes(c)
}

// basedOnCurrent puts the etag given into a body, or the one that the named thing has now.
func (a *app) basedOnCurrent(ctx context.Context, body map[string]any, given, method, field string) error {
	if body["etag"] = given; given != "" {
		return nil
	}
	got, err := a.call(ctx, method, map[string]any{"name": body["name"]})
	if err != nil {
		return err
	}
	a.basedOn = cell(got[field], "etag")
	body["etag"] = a.basedOn
	return nil
}

func (a *app) standingCommand(use, method, help string) *cobra.Command {
	var because string
	c := &cobra.Command{Use: use + " ID --because TEXT", Short: help, Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return a.answer(cmd.Context(), "AgencyService/"+method, "agency", map[string]any{"name": agencyName(args[0]), "reason": because})
	}}
	c.Flags().StringVar(&because, "because", "", "why; kept in the journal")
	_ = c.MarkFlagRequired("because")
	return a.writes(c)
}

func (a *app) revokeCommand() *cobra.Command {
	var serial, path, before, because string
	c := &cobra.Command{
		Use: "revoke ID", Short: "Refuse certificates of an agency from now on (its administrator, or the operator)", Args: cobra.ExactArgs(1),
		Long: "Refuses certificates at once: new handshakes, the next call, streams. The ID operator stands for the\n" +
			"operator's own; only another certificate of the operator's may do that.",
		Example: "  entente agency revoke fr-ofast --serial 3f9a… --because 'laptop lost'",
		RunE: func(cmd *cobra.Command, args []string) error {
			body := map[string]any{"name": agencyName(args[0]), "reason": because}
			if args[0] == "operator" {
				body["name"] = args[0]
			}
			before, err := moment("issued-before", before)
			if err != nil {
				return err
			}
			for field, value := range map[string]string{"serial": strings.ToLower(serial), "pathPrefix": path, "issuedBefore": before} {
				if value != "" {
					body[field] = value
				}
			}
			return a.answer(cmd.Context(), "AgencyService/RevokeCertificate", "agency", body)
		},
	}
	c.Flags().StringVar(&serial, "serial", "", "serial number of one certificate, hexadecimal")
	c.Flags().StringVar(&path, "path", "", "all at or below this workload path")
	c.Flags().StringVar(&before, "issued-before", "", "all issued before this time: RFC 3339, or a day")
	c.Flags().StringVar(&because, "because", "", "why; kept in the journal")
	c.MarkFlagsOneRequired("serial", "path", "issued-before")
	c.MarkFlagsMutuallyExclusive("serial", "path", "issued-before")
	_ = c.MarkFlagRequired("because")
	return a.writes(c)
}

func (a *app) groupCommand() *cobra.Command {
	c := parent("group", "Sharing groups")
	columns := []column{{"NAME", "name"}, {"DISPLAY NAME", "displayName"}, {"MEMBERS", "members"}}
	c.AddCommand(
		&cobra.Command{Use: "list", Short: "List the groups that the own agency belongs to", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
			return a.pages(cmd.Context(), "GroupService/ListGroups", "groups", map[string]any{}, 0, view{rows: "groups", columns: columns})
		}},
		&cobra.Command{Use: "get NAME", Short: "Show a group", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
			return a.answer(cmd.Context(), "GroupService/GetGroup", "group", map[string]any{"name": args[0]})
		}},
		a.createGroupCommand(), a.membersCommand())
	return c
}

func names(ids []string) []string {
	list := []string{}
	for _, id := range ids {
		list = append(list, agencyName(id))
	}
	return list
}

func (a *app) createGroupCommand() *cobra.Command {
	var members []string
	var description string
	var visible bool
	c := &cobra.Command{Use: "create NAME", Short: "Make a group that the own agency owns", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return a.answer(cmd.Context(), "GroupService/CreateGroup", "group", map[string]any{
			"displayName": args[0], "description": description, "members": names(members), "membersVisible": visible,
		})
	}}
	c.Flags().StringSliceVar(&members, "member", nil, "agencies beside the own")
	c.Flags().StringVar(&description, "description", "", "what it is for")
	c.Flags().BoolVar(&visible, "members-visible", false, "members know each other")
	return a.writes(c)
}

func (a *app) membersCommand() *cobra.Command {
	var add, remove []string
	var etag string
	c := &cobra.Command{Use: "members NAME", Short: "Add and remove members of an own group", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		if len(add)+len(remove) == 0 {
			return usage("nothing is to be changed: give --add or --remove")
		}
		body := map[string]any{"name": args[0], "add": names(add), "remove": names(remove)}
		if err := a.basedOnCurrent(cmd.Context(), body, etag, "GroupService/GetGroup", "group"); err != nil {
			return err
		}
		return a.answer(cmd.Context(), "GroupService/UpdateGroupMembers", "group", body)
	}}
	c.Flags().StringVar(&etag, "etag", "", "etag that the change is based on; the current one where not given")
	c.Flags().StringSliceVar(&add, "add", nil, "agencies to add")
	c.Flags().StringSliceVar(&remove, "remove", nil, "agencies to remove")
	return a.writes(c)
}
