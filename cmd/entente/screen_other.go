//go:build !unix

package main

import "os"

// columnsOf is how many columns a terminal has, 0 where it does not tell.
func columnsOf(*os.File) int { return 0 }
