package keyring

import (
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"
)

const (
	// MaxValue is the largest value, before packing, that can be sealed or opened: 4 MiB.
	MaxValue = 4 << 20

	// smallest is the length below which packing is not tried: measured, it takes 6 µs to gain 4 bytes of 64. Changing it
	// concerns new values only.
	smallest = 128
	// gain is the part of a value (one in sixteen) that packing must save, or reading it back is not worth the time.
	gain = 16
	// keep is the largest scratch buffer that is kept for the next call.
	keep = 64 << 10
)

// packer compresses and decompresses, with coders that are kept between calls. It is safe for concurrent use; each coder works
// for one call at a time and starts no goroutine.
type packer struct {
	encoders, decoders, buffers sync.Pool
}

// pack appends the packed plain to dst, if that gains; else it returns dst and false.
func (p *packer) pack(dst, plain []byte) ([]byte, bool, error) {
	if len(plain) < smallest {
		return dst, false, nil
	}
	enc, err := p.encoder()
	if err != nil {
		return dst, false, err
	}
	out := enc.EncodeAll(plain, dst)
	p.encoders.Put(enc)
	if saved := len(plain) - (len(out) - len(dst)); saved < len(plain)/gain {
		return out[:len(dst)], false, nil
	}
	return out, true, nil
}

// unpack appends the value that pack made packed from.
func (p *packer) unpack(dst, packed []byte) ([]byte, error) {
	dec, err := p.decoder()
	if err != nil {
		return dst, err
	}
	out, err := dec.DecodeAll(packed, dst)
	p.decoders.Put(dec)
	if err != nil {
		return dst, damaged("packed value")
	}
	return out, nil
}

func (p *packer) encoder() (*zstd.Encoder, error) {
	if enc, ok := p.encoders.Get().(*zstd.Encoder); ok {
		return enc, nil
	}
	// The frame's own checksum would be the third over the same bytes; single segments carry their exact length.
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithEncoderCRC(false), zstd.WithSingleSegment(true), zstd.WithWindowSize(MaxValue), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return nil, fmt.Errorf("keyring: compressor: %w", err)
	}
	return enc, nil
}

func (p *packer) decoder() (*zstd.Decoder, error) {
	if dec, ok := p.decoders.Get().(*zstd.Decoder); ok {
		return dec, nil
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxMemory(MaxValue), zstd.WithDecoderMaxWindow(MaxValue))
	if err != nil {
		return nil, fmt.Errorf("keyring: decompressor: %w", err)
	}
	return dec, nil
}

// buffer returns an empty scratch buffer; release gives it back. It may hold plaintext of earlier values beyond its length.
func (p *packer) buffer() *[]byte {
	if b, ok := p.buffers.Get().(*[]byte); ok {
		return b
	}
	return new([]byte)
}

func (p *packer) release(b *[]byte) {
	if cap(*b) > keep {
		return
	}
	*b = (*b)[:0]
	p.buffers.Put(b)
}
