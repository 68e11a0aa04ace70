import { pagePaths } from './pages.ts';

export const consolePath = '/console';

export const linkPath = `${consolePath}/link`;
export const livePath = `${consolePath}/live`;
export const scriptPath = `${consolePath}/console.js`;
export const stylePath = `${consolePath}/console.css`;
export const iconPath = `${consolePath}/icon.svg`;

/** Every path that the page has. */
export const consolePaths: readonly string[] = [
  ...Object.values(pagePaths),
  linkPath,
  livePath,
  scriptPath,
  stylePath,
  iconPath,
];
