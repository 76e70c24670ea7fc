export { ChartHeader } from "./chart-header.tsx";
export { ChartLink } from "./chart-link.tsx";
