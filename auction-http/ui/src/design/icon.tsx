/** Small line drawings, always beside a text that says the same. */
const PATHS = {
  bell: "M6 16h12l-1.6-2.4V10a4.4 4.4 0 0 0-8.8 0v3.6L6 16Zm4 2.5a2 2 0 0 0 4 0",
  check: "m5 12.5 4.5 4.5L19 7.5",
  clock: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Zm0 4V12l3 2",
  close: "m6 6 12 12M18 6 6 18",
  gavel: "m13.5 4.5 6 6m-8-4 6 6m-1.2-7.2-5.6 5.6m3 3-8.2 8.2-2-2 8.2-8.2M13 20.5h7.5",
  left: "M14.5 5.5 8 12l6.5 6.5",
  less: "M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12Zm4.5 10.5 5 5m-12.500-9.500h6",
  menu: "M4 7h16M4 12h16M4 17h16",
  moon: "M19 14.5A7.5 7.5 0 0 1 9.5 5 7.5 7.5 0 1 0 19 14.5Z",
  pause: "M8.5 6v12M15.5 6v12",
  right: "M9.5 5.5 16 12l-6.5 6.5",
  search: "M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12Zm4.5 10.5 5 5",
  star: "m12 4 2.4 5 5.6.8-4 3.9.9 5.5L12 16.6l-4.9 2.6.9-5.5-4-3.9 5.6-.8L12 4Z",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Zm0-5v2m0 14v2m9-9h-2M5 12H3m15.4-6.4L17 7M7 17l-1.4 1.4m12.8 0L17 17M7 7 5.6 5.6",
  screen: "M4 5.5h16v10H4zM9 19.5h6m-3-4v4",
  user: "M12 4.5a3.7 3.7 0 1 0 0 7.4 3.7 3.7 0 0 0 0-7.4ZM5 20c.6-3.7 3.4-5.6 7-5.6s6.400 1.900 7 5.600",
  warning: "M12 4.5 3.500 19h17L12 4.500Zm0 5.500v4.500m0 2v.5",
  zoom: "M10.5 4.500a6 6 0 1 0 0 12 6 6 0 0 0 0-12Zm4.500 10.500 5 5m-9.500-12.500v6m-3-3h6",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
