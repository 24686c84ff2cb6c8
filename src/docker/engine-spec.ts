/**
 * The objects that are sent to the Engine API, with the names and units of its manual; only the fields that are used.
 * Durations are in nanoseconds.
 */
export interface ServiceSpec {
  Name: string;
  Labels: Record<string, string>;
  TaskTemplate: TaskSpec;
  Mode: ServiceMode;
  UpdateConfig?: UpdateConfig;
  RollbackConfig?: UpdateConfig;
  EndpointSpec?: EndpointSpec;
}

export interface TaskSpec {
  /** The engine counts up here to replace tasks that nothing else would change. */
  ForceUpdate?: number;
  ContainerSpec: ContainerSpec;
  Resources?: ResourceRequirements;
  RestartPolicy?: RestartPolicy;
  Placement?: Placement;
  Networks?: NetworkAttachmentConfig[];
}

export interface ContainerSpec {
  Image: string;
  /** Takes the place of the image's entrypoint. */
  Command?: string[];
  /** Takes the place of the image's command. */
  Args?: string[];
  /** `NAME=value`; a bare `NAME` removes what the image sets. */
  Env?: string[];
  Labels: Record<string, string>;
  Healthcheck?: HealthConfig;
  Configs?: ConfigReference[];
  Secrets?: SecretReference[];
}

export interface HealthConfig {
  Test?: string[];
  Interval?: number;
  Timeout?: number;
  Retries?: number;
  StartPeriod?: number;
  StartInterval?: number;
}

export interface FileTarget {
  Name: string;
  UID: string;
  GID: string;
  /** Permission bits, in decimal when printed: 292 is 0444. */
  Mode: number;
}

export interface ConfigReference {
  File: FileTarget;
  /** Not known before the config exists. */
  ConfigID?: string;
  ConfigName: string;
}

export interface SecretReference {
  File: FileTarget;
  /** Not known before the secret exists. */
  SecretID?: string;
  SecretName: string;
}

export interface ResourceRequirements {
  Limits?: Resources & { Pids?: number };
  Reservations?: Resources;
}

export interface Resources {
  /** Billionths of a processor. */
  NanoCPUs?: number;
  MemoryBytes?: number;
}

export interface RestartPolicy {
  Condition?: string;
  Delay?: number;
  MaxAttempts?: number;
  Window?: number;
}

export interface Placement {
  Constraints?: string[];
  Preferences?: { Spread: { SpreadDescriptor: string } }[];
  /** Per node. */
  MaxReplicas?: number;
  /** What the image runs on. */
  Platforms?: Platform[];
}

export interface Platform {
  Architecture?: string;
  OS?: string;
}

export interface NetworkAttachmentConfig {
  /** The network's name; the engine takes its id as well. */
  Target: string;
  Aliases?: string[];
}

export interface ServiceMode {
  Replicated?: { Replicas?: number };
  Global?: Record<string, never>;
}

export interface UpdateConfig {
  /** Tasks at once; 0 is all of them. */
  Parallelism: number;
  Delay?: number;
  FailureAction?: string;
  Monitor?: number;
  MaxFailureRatio?: number;
  Order?: string;
}

export interface EndpointSpec {
  Mode?: string;
  Ports?: PortConfig[];
}

export interface PortConfig {
  Protocol?: string;
  TargetPort?: number;
  PublishedPort?: number;
  PublishMode?: string;
}

/** The body of `POST /networks/create`. */
export interface NetworkSpec {
  Name: string;
  Driver: string;
  Options?: Record<string, string>;
  Internal?: boolean;
  Attachable?: boolean;
  EnableIPv6?: boolean;
  IPAM?: { Driver?: string; Config?: { Subnet: string }[] };
  Labels: Record<string, string>;
}

export interface ConfigSpec {
  Name: string;
  Labels: Record<string, string>;
  /** Base64. */
  Data: string;
}

/** `Data` is left out where the spec is shown to a reader. */
export interface SecretSpec {
  Name: string;
  Labels: Record<string, string>;
  /** Base64. */
  Data?: string;
}
