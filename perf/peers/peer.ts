/** Another tool that brings the same services to the same swarms, and looks whether they are as it left them. */
export interface Peer {
  /** Brings all swarms to a release, one after another, and waits until it runs. */
  deploy(release: number): Promise<void>;
  /** Compares what it has written down with what is really there, swarm by swarm. Nothing is changed. */
  compare(): Promise<void>;
  remove(): Promise<void>;
}
