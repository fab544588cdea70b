package rpc

import (
	"context"
	"errors"
	"strconv"

	"google.golang.org/protobuf/proto"

	ententev1 "github.com/seed-1d76a664/entente/gen/entente/v1"
)

// watch binds WatchInbox. Its reader can be told at any moment from where to go
// on: each message that gRPC has taken moves the cursor.
func watch(h inboxes) binding {
	return binding{
		in: nameOf[ententev1.WatchInboxRequest](), out: nameOf[ententev1.WatchInboxResponse](),
		serve: func(f *flight) error {
			request := new(ententev1.WatchInboxRequest)
			if err := f.request(request); err != nil {
				return err
			}
			at := request.GetAfter()
			f.resumeFrom(at)
			err := h.WatchInbox(f.ctx, f.call(), proto.CloneOf(request), f.judge, func(m *ententev1.WatchInboxResponse) error {
				if err := f.send(m); err != nil {
					return err
				}
				if next := m.GetResumeFrom(); next != nil {
					at = next
					f.resumeFrom(at)
				}
				return nil
			})
			if errors.Is(context.Cause(f.ctx), errEnd) {
				return f.send(&ententev1.WatchInboxResponse{ResumeFrom: at, Closing: true})
			}
			return err
		},
	}
}

// resumeFrom notes from where a reader who is cut off goes on, spelled as
// epoch:number; the epoch is empty where the caller left it so.
func (f *flight) resumeFrom(c *ententev1.InboxCursor) {
	text := c.GetEpoch() + ":" + strconv.FormatInt(c.GetNumber(), 10)
	f.resume.Store(&text)
}
