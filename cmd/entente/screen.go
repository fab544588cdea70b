package main

import (
	"os"
	"path/filepath"
	"strconv"
)

// screenWide is how wide a picture is where nobody says how wide the terminal is.
const screenWide = 80

// screen is how many columns a picture may take, and whether it may have colours: not where output goes into a file, and not with NO_COLOR.
func (a *app) screen() (wide int, colour bool) {
	if f, ok := a.out.(*os.File); ok && isTerminal(f) {
		wide = columnsOf(f)
		colour = a.env("NO_COLOR") == "" && a.env("TERM") != "dumb"
	}
	if n, err := strconv.Atoi(a.env("COLUMNS")); wide == 0 && err == nil && n > 0 {
		wide = n
	}
	if wide == 0 {
		wide = screenWide
	}
	return wide, colour
}

// save writes a picture, if a file is given for it. What was there is replaced.
func (a *app) save(path string, picture []byte) error {
	if path == "" {
		return nil
	}
	if path == "-" {
		_, err := a.out.Write(picture)
		return err
	}
	if err := os.WriteFile(filepath.Clean(path), picture, 0o600); err != nil {
		return usage(err.Error())
	}
	a.say("Written: %s", path)
	return nil
}
