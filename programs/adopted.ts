import * as pulumi from '@pulumi/pulumi';
import { Existing, type ExistingType } from './swarm-resources.ts';

/** One thing in a swarm that is taken into the state. */
export interface ExistingObject {
  type: ExistingType;
  /** Of the resource; the program that `up` runs gives it the same. */
  name: string;
  /** Its id in the swarm. */
  id: string;
  /** What reading it needs to know. */
  known: object;
  /** Base64 of the content of a config or secret; of the latter the swarm does not tell it. */
  data?: string;
}

/** Parts of a stack that exist already, under the component that the program of `up` gives them. */
export class Adopted extends pulumi.ComponentResource {
  constructor(component: { type: string; name: string }, objects: readonly ExistingObject[]) {
    super(component.type, component.name, {});
    for (const { type, name, id, known, data } of objects) {
      const content = data === undefined ? {} : { data: type === 'Secret' ? pulumi.secret(data) : data };
      new Existing(type, name, id, { ...known, ...content }, { parent: this });
    }
    this.registerOutputs({});
  }
}
