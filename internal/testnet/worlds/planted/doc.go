// Package planted shows that the two worlds find what they look for: each of its
// tests plants one leak between the edge and a real hub, and fails unless the
// harness tells the worlds apart. Leaks live in this test binary alone.
package planted
