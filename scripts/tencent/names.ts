import { PackageError } from '../package/package-error.ts';
import type { Settings } from './settings.ts';
import { nameOf, type Options } from './wanted.ts';

/**
 * Checks every name before anything is called, so that no deployment stops half-way at one that SCF refuses. Throws a
 * PackageError. https://cloud.tencent.com/document/api/583/18586
 */
export const checkNames = (settings: Settings, { stage, runtime }: Options, region: string): void => {
  const { functions, custom } = settings;
  const { namespace, alias, triggers, role } = custom.tencent;
  const unless = (valid: boolean, fault: string): readonly string[] => (valid ? [] : [fault]);
  const faults = [
    ...unless(/^[a-z]+(-[a-z0-9]+)+$/.test(region), `the region ${region} is not written like ap-guangzhou`),
    ...unless(/^Nodejs\d+\.\d+$/.test(runtime), `the runtime ${runtime} is not written like Nodejs20.19`),
    ...unless(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(namespace), `the namespace ${namespace} is not a name`),
    ...unless(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(alias), `the alias ${alias} is not a name`),
    ...unless(role === undefined || /^[\w+=,.@-]{1,128}$/.test(role), `the role ${role} is not the name of a CAM role`),
    ...Object.keys(functions)
      .map((name) => nameOf(settings, stage, name))
      .flatMap((name) =>
        unless(
          /^[A-Za-z][A-Za-z0-9_-]{0,58}[A-Za-z0-9]$/.test(name),
          `${name} is not a name of SCF: at most 60 letters, digits, - and _`,
        ),
      ),
    ...Object.keys(triggers).flatMap((name) =>
      unless(Object.hasOwn(functions, name), `custom.tencent.triggers has ${name}, which is no function`),
    ),
  ];
  if (faults.length > 0) throw new PackageError(`Nothing was called:\n${faults.map((one) => `  - ${one}`).join('\n')}`);
};
