package view

import (
	bolt "go.etcd.io/bbolt"
)

// layOut gives the file the buckets that builds after the one that made it have added. It writes nothing where there is nothing to add.
func (v *View) layOut() error {
	return storeFault(guarded(func() error {
		laid := 0
		err := v.db.View(func(tx *bolt.Tx) (err error) {
			laid, err = laidOut(tx)
			return err
		})
		if err == nil && laid < len(later()) {
			err = v.db.Update(layOut)
		}
		return err
	}))
}

func layOut(tx *bolt.Tx) error {
	laid, err := laidOut(tx)
	if err != nil {
		return err
	}
	for _, name := range later()[laid:] {
		if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
			return err
		}
	}
	layout, err := tx.CreateBucketIfNotExists([]byte(bucketLayout))
	if err != nil {
		return err
	}
	return layout.Put(stateKey, []byte{byte(len(later()))})
}

// laidOut is how many of the later buckets a file must have: a file says so itself, lest one that was lost is taken for one that never was.
func laidOut(tx *bolt.Tx) (int, error) {
	layout := tx.Bucket([]byte(bucketLayout))
	if layout == nil {
		return 0, nil
	}
	n := layout.Get(stateKey)
	if len(n) != 1 || int(n[0]) > len(later()) {
		return 0, damage(errDamaged)
	}
	return int(n[0]), nil
}

// eachBucket visits the buckets that there are, in the order of founding and later.
func eachBucket(tx *bolt.Tx, visit func(name string, bucket *bolt.Bucket) error) error {
	for _, name := range buckets() {
		bucket := tx.Bucket([]byte(name))
		if bucket == nil {
			continue // of a later build
		}
		if err := visit(name, bucket); err != nil {
			return err
		}
	}
	return nil
}
