{ deployment(memory):: { apiVersion: 'apps/v1', kind: 'Deployment' } }
