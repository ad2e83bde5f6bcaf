package main

import (
	"sync"
	"time"
)

// rates count requests by source for the rate-based rules. As on AWS, the rate is checked about every ten seconds and looks back one
// evaluation window; in between, a source keeps its verdict (RateBasedStatement, EvaluationWindowSec).
type rates struct {
	lock     sync.Mutex
	counters map[rateKey]*counter
}

// A change of a rule's settings starts its counts again, as on AWS: the settings are part of the key.
type rateKey struct {
	acl, rule     string
	limit, window int
}

type counter struct {
	// slots has the requests of each source by the slot's number, which is the time divided by checkSeconds.
	slots   map[int64]map[string]int
	checked int64
	over    map[string]bool
}

const checkSeconds = 10

func newRates() *rates { return &rates{counters: map[rateKey]*counter{}} }

// count adds a request and reports whether its source was above the limit at the last check.
func (r *rates) count(acl string, rule aclRule, source string, now time.Time) bool {
	r.lock.Lock()
	defer r.lock.Unlock()
	key := rateKey{acl, rule.Name, rule.Limit, rule.Window}
	one := r.counters[key]
	slot := now.Unix() / checkSeconds
	if one == nil {
		one = &counter{slots: map[int64]map[string]int{}, checked: slot}
		r.counters[key] = one
	}
	if slot > one.checked {
		one.check(slot, rule)
	}
	if one.slots[slot] == nil {
		one.slots[slot] = map[string]int{}
	}
	one.slots[slot][source]++
	return one.over[source]
}

func (c *counter) check(slot int64, rule aclRule) {
	sums := map[string]int{}
	for number, sources := range c.slots {
		if number < slot-int64(rule.Window/checkSeconds) {
			delete(c.slots, number)
			continue
		}
		for source, count := range sources {
			sums[source] += count
		}
	}
	c.checked = slot
	c.over = map[string]bool{}
	for source, count := range sums {
		if count > rule.Limit {
			c.over[source] = true
		}
	}
}
