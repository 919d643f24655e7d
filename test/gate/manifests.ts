/** What stands in a Deployment's manifest. Sizes are texts; `null` leaves them out. */
export interface Written {
  readonly name?: string;
  readonly namespace?: string | null;
  readonly limit?: string | null;
  readonly request?: string | null;
  readonly replicas?: number;
  readonly jvm?: string;
}

/** The line that sets the limit, where one is set. */
export const LIMIT = 21;
/** The line that sets the request, where a limit is set as well. */
export const REQUEST = 23;

/** A Deployment with one container `app`; 2000Mi and 1000Mi where nothing else is said. */
export function deployment(written: Written = {}): string {
  const { name = 'cart', namespace = 'shop', limit = '2000Mi', request = '1000Mi', replicas = 1, jvm } = written;
  const lines = [
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata:',
    `  name: ${name}`,
    namespace === null ? '  annotations: {}' : `  namespace: ${namespace}`,
    'spec:',
    `  replicas: ${replicas}`,
    '  selector:',
    '    matchLabels:',
    `      app: ${name}`,
    '  template:',
    '    metadata:',
    '      labels:',
    `        app: ${name}`,
    '    spec:',
    '      containers:',
    '        - name: app',
    `          image: registry.example/${name}:1.8.2`,
    ...(limit === null && request === null ? [] : ['          resources:']),
    ...(limit === null ? [] : ['            limits:', `              memory: ${limit}`]),
    ...(request === null ? [] : ['            requests:', `              memory: ${request}`]),
    ...(jvm === undefined
      ? []
      : ['          env:', '            - name: JAVA_TOOL_OPTIONS', `              value: "${jvm}"`]),
  ];
  return `${lines.join('\n')}\n`;
}
