export * from "npm:@xterm/headless@6.0.0";
export { default } from "npm:@xterm/headless@6.0.0";
