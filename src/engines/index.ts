// Other engines for the same declarations: what is desired as Terraform JSON or as a bundle, and their files as ours.
export { type BundleForm, bundleForm } from './bundle';
export { type TerraformForm, type TerraformResource, terraformForm, terraformJson } from './terraform';
