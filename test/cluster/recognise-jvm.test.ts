import { expect, test } from 'vitest';
import type { ApiContainer } from '../../src/cluster/api-types.ts';
import { recogniseJvm } from '../../src/cluster/recognise-jvm.ts';

const of = (more: Partial<ApiContainer>) =>
  recogniseJvm({ name: 'app', image: 'registry.example/shop/api:1', ...more });

test.each([
  'eclipse-temurin:21',
  'docker.io/library/openjdk:17-slim@sha256:abc',
  'amazoncorretto:21-al2023',
  'azul/zulu-openjdk:17',
  'registry.example:5000/shop/api:1.2-jre11',
  'gcr.io/distroless/java17-debian12',
  'tomcat:9.0-jdk17',
  'nacos/nacos-server:v2.4',
  'quay.io/keycloak/keycloak:26.0',
  'registry.example/shop-openjdk17:3',
])('the image %s is a JVM', (image) => {
  expect(of({ image })).toBe('image');
});

test.each([
  'registry.example/javascript-app:1',
  'node:22',
  'registry.example/java-docs-frontend:1',
  'grafana/grafana:11',
  'danielqsj/kafka-exporter:v1',
  'registry.example/tomcat-exporter:1',
  'provectuslabs/spring-cleaning:1',
  'jrei/systemd-debian',
  'nginx',
  '',
])('the image "%s" is none', (image) => {
  expect(of({ image })).toBeUndefined();
});

test.each([
  [{ command: ['java', '-jar', 'app.jar'] }],
  [{ command: ['/opt/java/bin/java'] }],
  [{ command: ['sh', '-c', 'exec java $JAVA_OPTS -jar /app.jar'] }],
  [{ args: ['-Xmx512m', 'com.example.Main'] }],
  [{ args: ['-jar', '/app/app.jar'] }],
])('%o runs a JVM', (container) => {
  expect(of(container)).toBe('command');
});

test.each([
  [{ command: ['sh', '-c', 'echo java is great'] }],
  [{ command: ['/bin/javascript'] }],
  [{ args: ['--java-home=/x', '-x'] }],
  [{ env: [{ name: 'JAVA_SERVICE_URL', value: 'http://java' }] }],
  [{ image: 'node:22', env: [{ name: 'JAVA_OPTS' }] }],
  [{ ports: [{ name: 'http', containerPort: 8080 }] }],
])('%o shows nothing of a JVM', (container) => {
  expect(of(container)).toBeUndefined();
});

test('variables, and the endpoints of Spring, are signs', () => {
  expect(of({ env: [{ name: 'JAVA_TOOL_OPTIONS', value: '-Dsecret=1' }] })).toBe('variable');
  expect(of({ livenessProbe: { httpGet: { path: '/actuator/health' } } })).toBe('port');
});
