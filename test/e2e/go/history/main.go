// Command history writes time series from its standard input into Prometheus
// blocks: history DIRECTORY
//
// The input, little-endian, is a sequence of
//
//	'B' int64 duration                    a block begins: seconds that it spans
//	'S' uint32 length, labels             a series: name NUL value NUL …, sorted by name
//	    int64 first, uint32 step, uint32 count, count × float64
//	                                      its samples, in seconds; NaN where there is none
//	'E'                                   the block ends
package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"github.com/go-kit/log"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
)

const samplesPerCommit = 50_000

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: history DIRECTORY")
		os.Exit(2)
	}
	if err := writeBlocks(bufio.NewReaderSize(os.Stdin, 1<<20), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "history:", err)
		os.Exit(1)
	}
}

// writeBlocks writes every block of the input below directory.
func writeBlocks(input io.Reader, directory string) error {
	for {
		kind, err := readKind(input)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if kind != 'B' {
			return fmt.Errorf("expected a block, got %q", kind)
		}
		var duration int64
		if err := binary.Read(input, binary.LittleEndian, &duration); err != nil {
			return err
		}
		if err := writeBlock(input, directory, duration); err != nil {
			return err
		}
	}
}

func writeBlock(input io.Reader, directory string, duration int64) error {
	// A block writer takes samples at most half its size older than the newest:
	// twice the size lets one series follow another over the whole block.
	block, err := tsdb.NewBlockWriter(log.NewNopLogger(), directory, 2*duration*1000)
	if err != nil {
		return err
	}
	defer block.Close()
	ctx := context.Background()
	appender := block.Appender(ctx)
	pending, total := 0, 0
	for {
		kind, err := readKind(input)
		if err != nil {
			return err
		}
		if kind == 'E' {
			break
		}
		if kind != 'S' {
			return fmt.Errorf("expected a series, got %q", kind)
		}
		appended, err := appendSeries(input, appender)
		if err != nil {
			return err
		}
		pending += appended
		total += appended
		if pending >= samplesPerCommit {
			if err := appender.Commit(); err != nil {
				return err
			}
			appender, pending = block.Appender(ctx), 0
		}
	}
	if err := appender.Commit(); err != nil {
		return err
	}
	if total == 0 {
		return nil
	}
	_, err = block.Flush(ctx)
	return err
}

func appendSeries(input io.Reader, appender storage.Appender) (int, error) {
	var length uint32
	if err := binary.Read(input, binary.LittleEndian, &length); err != nil {
		return 0, err
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(input, text); err != nil {
		return 0, err
	}
	head := make([]byte, 16)
	if _, err := io.ReadFull(input, head); err != nil {
		return 0, err
	}
	first := int64(binary.LittleEndian.Uint64(head))
	step := int64(binary.LittleEndian.Uint32(head[8:]))
	values := make([]byte, 8*binary.LittleEndian.Uint32(head[12:]))
	if _, err := io.ReadFull(input, values); err != nil {
		return 0, err
	}
	metric := labels.FromStrings(strings.Split(strings.TrimSuffix(string(text), "\x00"), "\x00")...)
	var ref storage.SeriesRef
	appended := 0
	for index := 0; index*8 < len(values); index++ {
		value := math.Float64frombits(binary.LittleEndian.Uint64(values[index*8:]))
		if math.IsNaN(value) {
			continue
		}
		var err error
		if ref, err = appender.Append(ref, metric, (first+int64(index)*step)*1000, value); err != nil {
			return appended, fmt.Errorf("%s: %w", metric, err)
		}
		appended++
	}
	return appended, nil
}

func readKind(input io.Reader) (byte, error) {
	var kind [1]byte
	_, err := io.ReadFull(input, kind[:])
	return kind[0], err
}
