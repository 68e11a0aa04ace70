type Variables = Readonly<Record<string, string>>;

/** Names, to whoever deploys next, the variables of a function that a deployment has set: the others were set by hand. */
const listName = 'CREDMINT_VARIABLES';

/** What deployments of earlier versions set, which had no list. */
const earlier = ['CREDMINT_CONFIG'];

/** The variables that a deployment sets: those handed on, and the list of their names. */
export const ownVariables = (handedOn: Variables): Variables => {
  const names = Object.keys(handedOn).sort();
  return names.length === 0 ? {} : { ...handedOn, [listName]: names.join(',') };
};

/** The variables that a function should have: ours as they are wanted now, and whatever was set by hand. */
export const variablesAfter = (wanted: Variables, found: Variables): Variables => {
  const ours = new Set([...earlier, listName, ...(found[listName] ?? '').split(',')]);
  return { ...Object.fromEntries(Object.entries(found).filter(([name]) => !ours.has(name))), ...wanted };
};

/** The names of variables that are to be set, changed or removed. */
export const changedVariables = (wanted: Variables, found: Variables): readonly string[] => {
  const after = variablesAfter(wanted, found);
  return [...new Set([...Object.keys(after), ...Object.keys(found)])].filter((name) => after[name] !== found[name]);
};
