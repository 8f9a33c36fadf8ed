// Command cron answers each line "expression|zone|seconds since 1970|count" of standard input with the
// next fire times after that moment, as seconds since 1970, or with "refused" and why.
//
// It calls the library as Kubernetes' CronJob controller and Argo's CronWorkflow controller do: with the expression
// alone to see whether it is one, and with the time zone before it to reckon. It stops at the first zero time, which means that none was found within five years.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "|")
		schedule, err := parse(fields[0], fields[1])
		if err != nil {
			fmt.Fprintln(out, "refused", err)
			continue
		}
		fmt.Fprintln(out, strings.Join(next(schedule, whole(fields[2]), whole(fields[3])), " "))
	}
	if err := lines.Err(); err != nil {
		panic(err)
	}
}

func parse(expression, zone string) (cron.Schedule, error) {
	if _, err := cron.ParseStandard(expression); err != nil {
		return nil, err
	}
	return cron.ParseStandard("CRON_TZ=" + zone + " " + expression)
}

func next(schedule cron.Schedule, start, count int64) []string {
	var times []string
	at := time.Unix(start, 0).UTC()
	for range count {
		if at = schedule.Next(at); at.IsZero() {
			break
		}
		times = append(times, strconv.FormatInt(at.Unix(), 10))
	}
	return times
}

func whole(text string) int64 {
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(err)
	}
	return number
}
