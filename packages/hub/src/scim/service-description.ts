// What this SCIM service can do and what its resources look like (RFC 7643 §5 to §7), for providers that ask.
import { groupSchema } from './group-resource.ts';
import type { Resource } from './patch.ts';
import { enterpriseSchema, userSchema } from './user-resource.ts';

/** Resources at most in one answer to a list. */
export const pageAtMost = 200;

const schemaOfSchemas = 'urn:ietf:params:scim:schemas:core:2.0:Schema';

export function serviceProviderConfig(base: string): Resource {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: pageAtMost },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'A provisioning token of the organization, made in the console.',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
  };
}

export function resourceTypes(base: string): readonly Resource[] {
  const type = (id: string, schema: string, extensions: readonly string[]): Resource => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id,
    name: id,
    endpoint: `/${id}s`,
    schema,
    schemaExtensions: extensions.map((each) => ({ schema: each, required: false })),
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${id}` },
  });
  return [type('User', userSchema, [enterpriseSchema]), type('Group', groupSchema, [])];
}

export function schemas(base: string): readonly Resource[] {
  const schema = (id: string, name: string, attributes: readonly Resource[]): Resource => ({
    schemas: [schemaOfSchemas],
    id,
    name,
    attributes,
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${id}` },
  });
  return [
    schema(userSchema, 'User', [
      attribute('userName', { required: true, uniqueness: 'server' }),
      attribute('externalId', { caseExact: true }),
      attribute('displayName'),
      complex('name', false, [attribute('formatted'), attribute('givenName'), attribute('familyName')]),
      attribute('active', { type: 'boolean' }),
      complex('emails', true, [attribute('value'), attribute('type'), attribute('primary', { type: 'boolean' })]),
      attribute('title'),
      { ...complex('groups', true, [attribute('value'), attribute('display')]), mutability: 'readOnly' },
    ]),
    schema(groupSchema, 'Group', [
      attribute('displayName', { required: true, uniqueness: 'server' }),
      attribute('externalId', { caseExact: true }),
      complex('members', true, [attribute('value', { mutability: 'immutable' }), attribute('display')]),
    ]),
    schema(enterpriseSchema, 'EnterpriseUser', [
      attribute('employeeNumber'),
      attribute('department'),
      attribute('organization'),
      complex('manager', false, [attribute('value'), attribute('displayName', { mutability: 'readOnly' })]),
    ]),
  ];
}

function attribute(name: string, more: Resource = {}): Resource {
  return {
    name,
    type: 'string',
    multiValued: false,
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...more,
  };
}

function complex(name: string, multiValued: boolean, subAttributes: readonly Resource[]): Resource {
  return attribute(name, { type: 'complex', multiValued, subAttributes });
}
