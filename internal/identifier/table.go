package identifier

// table is a sorted list of cells in a constant text: every cell is a key and
// a value of fixed width and one byte, blank or newline, behind it. A constant
// cannot be changed at run time and costs nothing at start.
type table struct {
	text       string
	key, value int
}

func (t table) width() int { return t.key + t.value + 1 }

func (t table) len() int { return (len(t.text) + 1) / t.width() }

func (t table) cell(i int) (key, value string) {
	at := i * t.width()
	return t.text[at : at+t.key], t.text[at+t.key : at+t.key+t.value]
}

// find looks a key up by halving.
func (t table) find(key string) (value string, ok bool) {
	if len(key) != t.key {
		return "", false
	}
	low, high := 0, t.len()
	for low < high {
		mid := (low + high) / 2
		k, v := t.cell(mid)
		switch {
		case k == key:
			return v, true
		case k < key:
			low = mid + 1
		default:
			high = mid
		}
	}
	return "", false
}

// findValue looks a value up by walking; the first key that has it wins.
func (t table) findValue(value string) (key string, ok bool) {
	for i := range t.len() {
		if k, v := t.cell(i); v == value {
			return k, true
		}
	}
	return "", false
}
