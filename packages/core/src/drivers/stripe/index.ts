export {
  customerMetadata,
  installationMetadata,
  intervalMetadata,
  lookupKeyOf,
  planMetadata,
  portalMetadata,
  productIdOf,
} from './names.ts'
