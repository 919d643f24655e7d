import type { JvmSign } from '../model/jvm.ts';
import type { ApiContainer } from './api-types.ts';

/** Of one text; commands may hold whole scripts. */
const LONGEST = 4000;

/** Images that are a JVM by their own name. */
const PRODUCTS = new Set([
  ...['java', 'jdk', 'jre', 'openjdk', 'eclipse-temurin', 'temurin', 'amazoncorretto', 'corretto', 'zulu', 'liberica'],
  ...['sapmachine', 'graalvm', 'semeru', 'tomcat', 'tomee', 'jetty', 'wildfly', 'payara', 'open-liberty', 'keycloak'],
  ...['nacos', 'nacos-server', 'elasticsearch', 'opensearch', 'logstash', 'solr', 'cassandra', 'kafka', 'cp-kafka'],
  ...['zookeeper', 'activemq', 'jenkins', 'sonarqube', 'nexus3', 'neo4j', 'flink', 'trino', 'seata-server'],
  ...['xxl-job-admin', 'sentinel-dashboard', 'spring-boot-admin', 'hazelcast'],
]);
/** A part of a name or a tag that only an image with a Java runtime has: `9-jdk17`, `shop-openjdk`. */
const RUNTIME = /^(?:(?:open)?(?:jdk|jre)|java|corretto|temurin|zulu)\d{0,3}$/;
/** Images of other runtimes, which may be handed variables that are meant for a JVM beside them. */
const OTHERS =
  /^(?:node|nodejs|javascript|js|nginx|python|php|ruby|golang|go|envoy|proxyv2|busybox|exporter|frontend)$/;

const LAUNCHES = /(?:^|[\s/;&|("'])java["']?\s{1,20}["']?[-$@]/;
const FLAGS = /^-(?:Xm[sx]\d|XX:[+-]?[A-Z]|javaagent:)/;

const VARIABLES = new Set([
  ...['JAVA_OPTS', 'JAVA_OPTIONS', 'JAVA_TOOL_OPTIONS', 'JAVA_ARGS', 'JAVA_HOME', 'JAVA_VERSION', 'JAVA_XMX'],
  ...['JAVA_OPTS_APPEND', 'JAVA_MAX_MEM_RATIO', 'JAVA_INITIAL_MEM_RATIO', 'JAVA_MAX_HEAP', 'JAVA_MEM_OPTS'],
  ...['JAVA_HEAP_MAX', 'JAVA_EXTRA_OPTS', 'JAVA_APP_JAR', 'JAVA_MAIN_CLASS', 'JDK_JAVA_OPTIONS', 'JVM_OPTS'],
  ...['JVM_XMS', 'JVM_XMX', 'JVM_ARGS', 'JVM_MEMORY_OPTIONS', 'CATALINA_OPTS', 'ES_JAVA_OPTS', 'KAFKA_HEAP_OPTS'],
  ...['LS_JAVA_OPTS', 'SPRING_PROFILES_ACTIVE', 'SPRING_APPLICATION_JSON', 'SPRING_CONFIG_LOCATION'],
]);

/** What in a container's spec shows that it runs a JVM; nothing of it is kept. `undefined` where nothing does. */
export function recogniseJvm(container: ApiContainer): JvmSign | undefined {
  const { path, words } = readImage(container.image ?? '');
  if (PRODUCTS.has(path.at(-1) ?? '') || (words.some((word) => RUNTIME.test(word)) && !isOther(words))) return 'image';
  if (launchesJava(container)) return 'command';
  const isVariable = ({ name }: { readonly name: string }) => VARIABLES.has(name);
  if (container.env?.some(isVariable) && !isOther(words)) return 'variable';
  return hasJvmPort(container) ? 'port' : undefined;
}

/** The segments of an image's path, and the words of the last one and of its tag. */
function readImage(image: string): { readonly path: readonly string[]; readonly words: readonly string[] } {
  const [named = ''] = image.slice(0, LONGEST).toLowerCase().split('@', 1);
  const path = named.split('/');
  const [last = '', tag = ''] = (path.pop() ?? '').split(':');
  return { path: [...path, last], words: [...last.split(/[-_.]/), ...tag.split(/[-_.]/)] };
}

function isOther(words: readonly string[]): boolean {
  return words.some((word) => OTHERS.test(word));
}

function launchesJava({ command = [], args = [] }: ApiContainer): boolean {
  const words = [...command, ...args].map((word) => String(word).slice(0, LONGEST));
  if (/(?:^|\/)java$/.test(words[0] ?? '')) return true;
  const hasJar = words.some((word, index) => word === '-jar' && /\.[jw]ar$/.test(words[index + 1] ?? ''));
  return hasJar || words.some((word) => FLAGS.test(word) || LAUNCHES.test(word));
}

/** Spring's management endpoints in a probe, or a port of JMX. */
function hasJvmPort({ ports = [], livenessProbe, readinessProbe, startupProbe }: ApiContainer): boolean {
  const probes = [livenessProbe, readinessProbe, startupProbe];
  const isSpring = probes.some((probe) =>
    /\/actuator(?:\/|$)/.test(String(probe?.httpGet?.path ?? '').slice(0, LONGEST)),
  );
  return isSpring || ports.some(({ name }) => name === 'jmx' || name === 'actuator');
}
