// Package exchange is what the hub does: submit, query, watch, correct, recall, and everything else that a call asks for, without knowing how it came in.
//
// Every unary call of the API has a method of its name on [Hub]. A method takes the caller as an argument, gets requests whose shape has been validated, and
// answers or fails with a *fault.Fault. The order of its decisions is: justification, visibility, ETag, domain rules.
//
// A write decides on a snapshot, to give a good error; seals the parts of the record under a key of its own; makes a command that is complete in
// itself; and hands it to the journal, where the view decides again at the command's place in the order. It answers when the outcome is durable.
//
// A read builds its answer on a snapshot, puts the consultation on record through the journal, and answers when that is durable. When something was
// taken from readers between the two, the journal refuses the consultation and the read begins again: no answer is older than its record.
package exchange
