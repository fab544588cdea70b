package keyring

import (
	"bufio"
	"crypto/rand"
	"fmt"
	"testing"
)

// BenchmarkSeal and BenchmarkOpen give the cost of each way and size into a buffer that is used again, as the hot paths do.
func BenchmarkSeal(b *testing.B) {
	r := newRing(b, 1)
	at := At("records", []byte("0123456789abcdef"))
	for _, s := range sealers(b, r) {
		for _, n := range []int{64, 300, 1200} {
			plain := narrative(n)
			b.Run(fmt.Sprintf("%s/%d", s.name, n), func(b *testing.B) {
				var frame []byte
				var err error
				b.ReportAllocs()
				for b.Loop() {
					if frame, err = s.seal(frame[:0], at, plain); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(len(frame)), "frame-bytes")
			})
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	r := newRing(b, 1)
	at := At("records", []byte("0123456789abcdef"))
	for _, s := range sealers(b, r) {
		for _, n := range []int{64, 300, 1200} {
			frame, err := s.seal(nil, at, narrative(n))
			if err != nil {
				b.Fatal(err)
			}
			b.Run(fmt.Sprintf("%s/%d", s.name, n), func(b *testing.B) {
				var plain []byte
				var err error
				b.ReportAllocs()
				for b.Loop() {
					if plain, err = s.open(plain[:0], at, frame); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkRecord is what one submit pays: a new key, wrapped, and four parts sealed under it.
func BenchmarkRecord(b *testing.B) {
	r := newRing(b, 1)
	random := bufio.NewReaderSize(rand.Reader, 4096)
	content, summary, release, terms := narrative(1200), narrative(200), noise(60), noise(120)
	var frame []byte
	b.ReportAllocs()
	for b.Loop() {
		key, _, err := r.NewRecordKey(random, 300)
		if err != nil {
			b.Fatal(err)
		}
		for i, plain := range [][]byte{content, summary, release, terms} {
			at := Location{Bucket: "records", Key: []byte{byte(i)}}
			if frame, err = key.Seal(frame[:0], at, plain, random); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkUnwrap is what the first read of a record pays before it opens a part.
func BenchmarkUnwrap(b *testing.B) {
	r := newRing(b, 1)
	_, wrapped := newKey(b, r, 300)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Unwrap(300, wrapped); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStart is what opening a ring costs.
func BenchmarkStart(b *testing.B) {
	r := newRing(b, 1)
	if err := r.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		again, err := Open(r.dir)
		if err != nil {
			b.Fatal(err)
		}
		again.Close()
	}
}
