// Other engines for the same declarations: what is desired as Terraform JSON or as a bundle, and their files as ours.
export type { Desired as DesiredForTerraform } from '../model/resource';
export { type BundleForm, bundleForm } from './bundle';
export { fromBundle } from './from-bundle';
export { fromTerraform } from './from-terraform';
export { bundleHandover, type Handover, terraformHandover } from './handover';
export { asProperties } from './properties';
export type { NotTaken, Taken, TakenEndpoint, TakenVariable } from './take';
export {
  PROVIDER_RANGE,
  type TerraformForm,
  type TerraformResource,
  terraformForm,
  terraformJson,
} from './terraform';
