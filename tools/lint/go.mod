module github.com/seed-1d76a664/entente/tools/lint

go 1.26.0

toolchain go1.26.8
