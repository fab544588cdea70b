// Package config is the hub's configuration file: YAML, read strictly.
//
// A key that is not known is refused with its line, because a limit that was
// misspelt is a limit that is not there. Nothing in the environment overrides
// the file. What a file leaves out has the value of [Default]; a path in it is
// taken from the folder of the file.
//
// The file names secrets and never holds one, so it may be read by everybody.
package config
