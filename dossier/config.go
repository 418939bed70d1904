// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"go.yaml.in/yaml/v4"
)

// ConfigName is the name of the file that binds what lies in and beneath its
// folder.
const ConfigName = ".medsbom.yaml"

// maxConfigBytes bounds a configuration file, which people write by hand.
const maxConfigBytes = 1 << 20

// Config is what one .medsbom.yaml says. Unknown keys are errors, so that a
// misspelt expectation is not an expectation lost.
type Config struct {
	Supplier       string   `yaml:"supplier"`
	Product        string   `yaml:"product"`
	ProductAliases []string `yaml:"product-aliases"`
	ProductVersion string   `yaml:"product-version"`
	Policy         []string `yaml:"policy"` // further packs, by name or as files relative to this one
}

// LoadConfig reads one configuration file. Errors name the file and the line.
func LoadConfig(name string) (*Config, error) {
	// It may lie in what a stranger delivered: no link that shows other files, no
	// pipe that never ends.
	if info, err := os.Lstat(name); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a regular file", name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxConfigBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	if len(text) > maxConfigBytes {
		return nil, fmt.Errorf("%s: larger than %d bytes: this is no configuration", name, maxConfigBytes)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	config := new(Config)
	if err := decoder.Decode(config); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := decoder.Decode(new(any)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: more than one YAML document: only one can hold", name)
	}
	for i, p := range config.Policy {
		if looksLikePath(p) && !filepath.IsAbs(p) {
			config.Policy[i] = filepath.Join(filepath.Dir(name), p)
		}
	}
	return config, nil
}

// looksLikePath tells a pack's file from the name of a built-in pack.
func looksLikePath(s string) bool {
	ext := filepath.Ext(s)
	return ext == ".yaml" || ext == ".yml" || filepath.Base(s) != s
}

// Under returns the configuration that holds beneath a folder: its own keys
// before those of the folder above.
func (c *Config) Under(parent *Config) *Config {
	if parent == nil {
		return c
	}
	if c == nil {
		return parent
	}
	merged := *parent
	// A name and its aliases go together: a new product does not inherit the
	// aliases or the version of the one above it.
	if c.Supplier != "" {
		merged.Supplier = c.Supplier
	}
	if c.Product != "" {
		merged.Product, merged.ProductAliases, merged.ProductVersion = c.Product, nil, ""
	}
	if c.ProductVersion != "" {
		merged.ProductVersion = c.ProductVersion
	}
	if len(c.Policy) > 0 {
		merged.Policy = c.Policy
	}
	merged.ProductAliases = slices.Concat(merged.ProductAliases, c.ProductAliases)
	return &merged
}

// Order is what the configuration says was ordered.
func (c *Config) Order() Order {
	if c == nil {
		return Order{}
	}
	return Order{
		Supplier: c.Supplier, Product: c.Product, Version: c.ProductVersion,
		ProductAliases: c.ProductAliases,
	}
}
