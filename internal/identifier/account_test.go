package identifier

import (
	"strings"
	"testing"
)

func TestEmailVectors(t *testing.T) {
	checkSound(t, typeEmail, []sound{
		{raw: "Ali.Boats+x@Example.ORG", want: "Ali.Boats+x@example.org", status: isPassed, keys: []string{"ali.boats+x@example.org"}},
		{raw: "ali@b\u00fccher.example", want: "ali@xn--bcher-kva.example", status: isPassed},
		{raw: "\u0639\u0644\u064a@example.org", status: isPassed},
		{raw: "ali[at]example[.]org", want: "ali@example.org", status: isPassed},
		{raw: "\"a b\"@example.org", status: isPassed},
		{raw: "\"a\\\"b\"@example.org", status: isPassed},
		{raw: "\"plain\"@example.org", want: "plain@example.org", status: isPassed},
		{raw: "<ali@example.org>", want: "ali@example.org", status: isPassed},
		{raw: "a@localhost", status: isFailed, codes: []string{"EMAIL_DOMAIN_SINGLE_LABEL"}},
	})
	checkBroken(t, typeEmail, []broken{
		{raw: "ali", reason: "EMAIL_FORMAT"},
		{raw: "@example.org", reason: "EMAIL_FORMAT"},
		{raw: "Ali <ali@example.org>", reason: "EMAIL_FORMAT"},
		{raw: "ali..b@example.org", reason: "EMAIL_FORMAT"},
		{raw: "ali@example.org, b@example.org", reason: "EMAIL_FORMAT"},
		{raw: "ali@", reason: "EMAIL_DOMAIN"},
		{raw: "ali@exa mple.org", reason: "EMAIL_DOMAIN"},
		{raw: "ali@[192.0.2.1]", reason: "EMAIL_DOMAIN"},
		{raw: strings.Repeat("a", 65) + "@example.org", reason: "EMAIL_LENGTH"},
		{raw: strings.Repeat("a", 60) + "@" + strings.Repeat("b.", 100) + "org", reason: "EMAIL_LENGTH"},
	})
}

func TestHandle(t *testing.T) {
	checkSound(t, typeHandle, []sound{
		{raw: "@Boats_2024", platform: "telegram", want: "telegram:boats_2024", status: isUnchecked},
		{raw: "telegram:boats_2024", platform: "telegram", status: isUnchecked},
		{raw: "\uff20\uff22oats\u200b", platform: "x", want: "x:boats", status: isUnchecked},
		{raw: "\u0642\u0648\u0627\u0631\u0628", platform: "tiktok", want: "tiktok:\u0642\u0648\u0627\u0631\u0628", status: isUnchecked},
		{raw: "@Boats", want: "boats", status: isUnchecked, codes: []string{"HANDLE_WITHOUT_PLATFORM"}},
		{raw: "@@boats", platform: "x", want: "x:boats", status: isUnchecked},
	})
	checkBroken(t, typeHandle, []broken{
		{raw: "@", platform: "x", reason: "VALUE_EMPTY"},
		{raw: "two words", platform: "x", reason: "HANDLE_CHARSET"},
		{raw: "https://t.me/boats", platform: "telegram", reason: "HANDLE_CHARSET"},
		{raw: "boats", platform: "Telegram", reason: "PLATFORM"},
		{raw: "boats", platform: strings.Repeat("a", 65), reason: "PLATFORM"},
	})
}

func TestAccountID(t *testing.T) {
	checkSound(t, typeAccountID, []sound{
		{raw: " UCabcDEF ", platform: "youtube", want: "youtube:UCabcDEF", status: isUnchecked},
		{raw: "123456789", platform: "telegram", want: "telegram:123456789", status: isUnchecked},
	})
	checkBroken(t, typeAccountID, []broken{
		{raw: "123", reason: "PLATFORM_REQUIRED"},
		{raw: "1 2", platform: "x", reason: "ACCOUNT_ID_CHARSET"},
		{raw: "x:", platform: "x", reason: "VALUE_EMPTY"},
	})
}
