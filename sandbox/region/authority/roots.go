package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// keepRoots writes the root of each validity to FOLDER/roots-SECONDS.pem, where the controller fetches it.
func keepRoots(folder string) func(certificateSeconds uint64, root []byte) error {
	return func(certificateSeconds uint64, root []byte) error {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		file := filepath.Join(folder, fmt.Sprintf("roots-%d.pem", certificateSeconds))
		// In one step, so that a reader gets all of it.
		if err := os.WriteFile(file+".new", root, 0o644); err != nil {
			return err
		}
		return os.Rename(file+".new", file)
	}
}
