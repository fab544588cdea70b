package testnet_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	bolt "go.etcd.io/bbolt"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
	"github.com/seed-1d76a664/entente/internal/testnet"
	"github.com/seed-1d76a664/entente/internal/view"
)

// BenchmarkDisk submits items one by one from 64 callers and tells how many bytes of the file each takes: the journal, which is cut behind snapshots, and
// the rest. Run it with -benchtime 8000x.
func BenchmarkDisk(b *testing.B) {
	pki, err := testnet.NewPKI("fr-ofast", "gb-nca")
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	n, err := testnet.Start(b.Context(), testnet.Options{PKI: pki, Dir: dir, Limits: unlimited(), FlushRecords: view.FlushRecords})
	if err != nil {
		b.Fatal(err)
	}
	if err := n.Enrol(b.Context(), "fr-ofast", "gb-nca"); err != nil {
		b.Fatal(err)
	}
	conn, err := n.Dial("fr-ofast", "/gateway")
	if err != nil {
		b.Fatal(err)
	}
	var count atomic.Int64
	crowd(b, func(ctx context.Context) error {
		_, err := ententev1.NewIntelligenceServiceClient(conn).SubmitIntelligenceItem(ctx, &ententev1.SubmitIntelligenceItemRequest{
			Justification: &ententev1.Justification{Purpose: ententev1.ProcessingPurpose_PROCESSING_PURPOSE_EXERCISE, Reason: "benchmark"}, Draft: diskDraft(count.Add(1)),
		})
		return err
	})
	b.StopTimer()
	if err := n.Close(); err != nil {
		b.Fatal(err)
	}
	reportDisk(b, filepath.Join(dir, "view.db"))
}

// diskDraft is an item of 1.9 KB to one agency.
func diskDraft(n int64) *ententev1.IntelligenceItemDraft {
	var words strings.Builder
	for i := int64(0); words.Len() < 1700; i++ {
		words.WriteString(strings.Repeat(string(rune('a'+(n+i*i)%26)), 1+int((n*i)%7)) + " ")
	}
	return &ententev1.IntelligenceItemDraft{
		Content: &ententev1.IntelligenceItemDraft_Plain{Plain: &ententev1.IntelligenceContent{
			Title: "Disk", Narrative: words.String(), LanguageCode: "en", CrimeAreas: []ententev1.CrimeArea{ententev1.CrimeArea_CRIME_AREA_IMMIGRANT_SMUGGLING},
			Evaluation: &ententev1.Evaluation{Scheme: &ententev1.Evaluation_Europol{Europol: &ententev1.EuropolEvaluation{
				Source:      ententev1.EuropolSourceEvaluation_EUROPOL_SOURCE_EVALUATION_B,
				Information: ententev1.EuropolInformationEvaluation_EUROPOL_INFORMATION_EVALUATION_2,
			}}},
		}},
		Release: &ententev1.Release{
			Audience: &ententev1.Audience{Agencies: []string{"agencies/gb-nca"}},
			Markings: &ententev1.Markings{Classification: ententev1.ClassificationCeiling_CLASSIFICATION_CEILING_NOT_CLASSIFIED},
		},
	}
}

func reportDisk(b *testing.B, path string) {
	b.Helper()
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true})
	if err != nil {
		b.Fatal(err)
	}
	var journal, rest int
	err = db.View(func(tx *bolt.Tx) error {
		return tx.ForEach(func(name []byte, bucket *bolt.Bucket) error {
			s := bucket.Stats()
			if string(name) == "journal" {
				journal += s.LeafAlloc + s.BranchAlloc
			} else {
				rest += s.LeafAlloc + s.BranchAlloc
			}
			return nil
		})
	})
	if err != nil {
		b.Fatal(err)
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(rest)/float64(b.N), "B/item")
	b.ReportMetric(float64(journal)/float64(b.N), "journal-B/item")
	b.ReportMetric(float64(info.Size())/float64(b.N), "file-B/item")
}
