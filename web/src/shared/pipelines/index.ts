export { ExportButtons } from './ExportButtons';
export { NearbyPipelines, NoSuchPipeline } from './NoSuchPipeline';
