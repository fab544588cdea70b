package index

// Field says what kind of fact a term stands for. The numbers go into the
// hash and thereby into stored lists: never reuse or renumber one.
type Field uint8

// The fields. Those that the view posts at apply time are marked; the others
// come from the content and are stored with the record.
const (
	// FieldStanding is kind and state together. Posted by the view.
	FieldStanding Field = 1
	// FieldOriginator is the owning agency. Posted by the view.
	FieldOriginator Field = 2
	// FieldAudience is one of policy's audience terms. Posted by the view.
	FieldAudience Field = 3
	// FieldLink is the target of an edge. Posted by the view.
	FieldLink Field = 4
	// FieldStage is a stage at which an asset stands. Posted by the view.
	FieldStage Field = 5
	// FieldCase is the originator's own case. Posted by the view.
	FieldCase Field = 6
	// FieldHit is one of policy's terms of a hit audience. Posted by the view.
	FieldHit Field = 7
	// FieldIdentifier is an identifier in normal form.
	FieldIdentifier Field = 16
	// FieldCrimeArea is a crime area.
	FieldCrimeArea Field = 17
	// FieldRoute is the route.
	FieldRoute Field = 18
	// FieldCrossing is a crossing method.
	FieldCrossing Field = 19
	// FieldSubject is the kind of a subject.
	FieldSubject Field = 20
	// FieldAsset is the class of an asset.
	FieldAsset Field = 21
	// FieldEvaluation is scheme, source and information grade together.
	FieldEvaluation Field = 22
	// FieldUrgency is the urgency.
	FieldUrgency Field = 23
	// FieldLabel is a label that says what OTHER means, folded.
	FieldLabel Field = 24
	// FieldObservedCover is a calendar node that the observed time fills.
	FieldObservedCover Field = 25
	// FieldObservedWithin is a calendar node that a filled one lies in.
	FieldObservedWithin Field = 26

	// The fields below are never stored: ItemTextTerms and SeizureTextTerms work
	// them out.

	// FieldWord is a word as it was written, folded, where its stem does not tell.
	FieldWord Field = 32
	// FieldStem is the stem of a word, in the language of its text.
	FieldStem Field = 33
	// FieldPrefix is how a word begins, three or five characters, or one
	// character of a script without spaces.
	FieldPrefix Field = 34
	// FieldNamePart is the key of a part of a name.
	FieldNamePart Field = 35
	// FieldNamePair is the keys of two parts of one form of a name.
	FieldNamePair Field = 36
	// FieldNameAlone is the key of the only part of a form.
	FieldNameAlone Field = 37
	// FieldNameJoined is the key of all parts of a form written together.
	FieldNameJoined Field = 38
	// FieldIdentifierStart is the first characters of an identifier.
	FieldIdentifierStart Field = 39
	// FieldIdentifierEnd is the last characters of an identifier.
	FieldIdentifierEnd Field = 40
	// FieldCell is a cell of the map.
	FieldCell Field = 41
	// FieldValue is a band of amounts in a currency.
	FieldValue Field = 42
	// FieldAttribute is what is said of a subject.
	FieldAttribute Field = 43
)
