package view

import (
	internalv1 "github.com/seed-1d76a664/entente/gen/entente/internalv1"
)

// What the hub knows of a revision, and of a version of the release, stands in the envelope while it is in force, and is written apart when the next one
// takes its place: most records only ever have the first. Files of earlier builds have all of it apart, and envelopes that do not say since when.

// revisionInForce is what the envelope says of the revision in force; nil where it stands apart.
func revisionInForce(env *internalv1.Envelope) *internalv1.RevisionMeta {
	meta := &internalv1.RevisionMeta{
		Ordinal: env.GetRevisedOrdinal(), Micros: env.GetContentMicros(), Salt: env.GetSalt(), ContentDigest: env.GetContentDigest(),
	}
	if env.GetRevision() == 1 {
		meta.Ordinal = env.GetOrdinal()
	}
	if meta.GetOrdinal() == 0 {
		return nil
	}
	return meta
}

// releaseInForce is what the envelope says of the release in force; nil where it stands apart.
func releaseInForce(env *internalv1.Envelope) *internalv1.ReleaseMeta {
	meta := &internalv1.ReleaseMeta{Ordinal: env.GetReleasedOrdinal(), Micros: env.GetReleasedMicros(), Stamps: env.GetStamps()}
	if env.GetReleaseVersion() == 1 {
		meta.Ordinal, meta.Micros = env.GetOrdinal(), env.GetCreateMicros()
	}
	if meta.GetOrdinal() == 0 {
		return nil
	}
	return meta
}

// revisionMeta is what the hub knows of a revision.
func (s store) revisionMeta(env *internalv1.Envelope, revision uint32) (*internalv1.RevisionMeta, error) {
	if meta := revisionInForce(env); meta != nil && revision == env.GetRevision() {
		return meta, nil
	}
	meta := new(internalv1.RevisionMeta)
	return meta, s.sealed(bucketRecords, recordKey(env.GetNumber(), PartRevision, revision), meta)
}

// releaseMeta is what the hub knows of a version of the release.
func (s store) releaseMeta(env *internalv1.Envelope, version uint32) (*internalv1.ReleaseMeta, error) {
	if meta := releaseInForce(env); meta != nil && version == env.GetReleaseVersion() {
		return meta, nil
	}
	meta := new(internalv1.ReleaseMeta)
	return meta, s.sealed(bucketRecords, recordKey(env.GetNumber(), PartReleaseMeta, version), meta)
}

// endRevision writes what the envelope says of the revision in force: another is about to take its place.
func (b *batch) endRevision(env *internalv1.Envelope) error {
	meta := revisionInForce(env)
	if meta == nil {
		return nil
	}
	return b.putSealed(bucketRecords, recordKey(env.GetNumber(), PartRevision, env.GetRevision()), meta)
}

// endRelease is endRevision for the release.
func (b *batch) endRelease(env *internalv1.Envelope) error {
	meta := releaseInForce(env)
	if meta == nil {
		return nil
	}
	return b.putSealed(bucketRecords, recordKey(env.GetNumber(), PartReleaseMeta, env.GetReleaseVersion()), meta)
}
