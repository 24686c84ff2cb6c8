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
  LogDriver?: Driver;
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
  Dir?: string;
  User?: string;
  Hostname?: string;
  /** `<address> <name>`, as in a hosts file. */
  Hosts?: string[];
  DNSConfig?: { Nameservers?: string[]; Search?: string[] };
  TTY?: boolean;
  OpenStdin?: boolean;
  ReadOnly?: boolean;
  /** Unset leaves it to the engine's configuration. */
  Init?: boolean;
  StopSignal?: string;
  StopGracePeriod?: number;
  Isolation?: string;
  Privileges?: { CredentialSpec?: CredentialSpec };
  Sysctls?: Record<string, string>;
  CapabilityAdd?: string[];
  CapabilityDrop?: string[];
  Ulimits?: Ulimit[];
  Mounts?: Mount[];
  Healthcheck?: HealthConfig;
  Configs?: ConfigReference[];
  Secrets?: SecretReference[];
}

/** Where a Windows container's account comes from: exactly one of these. */
export interface CredentialSpec {
  /** The id of a config, or its name before it exists. */
  Config?: string;
  File?: string;
  Registry?: string;
}

export interface Ulimit {
  Name: string;
  Soft: number;
  Hard: number;
}

export interface Mount {
  Type: string;
  Source?: string;
  Target?: string;
  ReadOnly?: boolean;
  Consistency?: string;
  BindOptions?: { Propagation?: string };
  VolumeOptions?: VolumeOptions;
  TmpfsOptions?: { SizeBytes?: number };
}

export interface VolumeOptions {
  NoCopy?: boolean;
  Subpath?: string;
  Labels?: Record<string, string>;
  DriverConfig?: Driver;
}

/** A driver of logs, volumes, secrets or templates, with its options. */
export interface Driver {
  Name?: string;
  Options?: Record<string, string>;
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

/** A config that is mounted as a file, or used by the engine itself (`Runtime`). */
export interface ConfigReference {
  File?: FileTarget;
  Runtime?: Record<string, never>;
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
  Reservations?: Resources & { GenericResources?: GenericResource[] };
}

export interface GenericResource {
  DiscreteResourceSpec?: { Kind: string; Value: number };
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
  DriverOpts?: Record<string, string>;
}

export interface ServiceMode {
  Replicated?: { Replicas?: number };
  Global?: Record<string, never>;
  ReplicatedJob?: { MaxConcurrent?: number; TotalCompletions?: number };
  GlobalJob?: Record<string, never>;
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
  Templating?: Driver;
}

/** `Data` is left out where the spec is shown to a reader. */
export interface SecretSpec {
  Name: string;
  Labels: Record<string, string>;
  /** Base64. */
  Data?: string;
  Driver?: Driver;
  Templating?: Driver;
}
