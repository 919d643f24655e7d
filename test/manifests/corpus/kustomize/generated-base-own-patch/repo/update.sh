#!/bin/sh
helm template nacos nacos --repo https://charts.example > base/nacos.yaml
