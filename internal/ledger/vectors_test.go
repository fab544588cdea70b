package ledger

// Vectors for other implementations: salt "sixteen byte sal", content and release "bytes", links empty, row "row".
const (
	vectorContent = "09a5e66604d8f7a6f2f46b9889bc220ab55d1938620534982e5c8192f670d406"
	vectorRelease = "1286b32149642e0ad4f06f23bd53f1f8e944706d2684b212a15c1811a1f05414"
	vectorLinks   = "662ea3e691c7b496262fa39529a7b00c8eba00b5ef9178207cbd130182a00557"
	vectorRow     = "314cc3605c15dbc8e0cd29e07149800e6577e5cdc9ec06dec57e7f9ef563831c"
	vectorLeaf    = "5f7b307ff958447997b652f0365eca5c9dbabf2329d38c6129eb6c815dcfaf96"
)
