// The SDK is imported when it is used: it takes half a second to load, and this is rarely needed.

/** The version of the SDK, which is that of the CLI that its installer brings. */
export async function sdkVersion(): Promise<string> {
  const { version } = await import('@pulumi/pulumi/version.js');
  return version;
}

/** Downloads the Pulumi CLI into `bin` of the folder `root`, with Pulumi's own installer. */
export async function installPulumiCli(root: string): Promise<void> {
  const { PulumiCommand } = await import('@pulumi/pulumi/automation/index.js');
  await PulumiCommand.install({ root });
}
