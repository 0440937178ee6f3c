// A database whose queries have lost the condition that keeps organizations apart, as if each had been forgotten: for tests of
// what is left then.
import {
  type BinaryOperationNode,
  ColumnNode,
  type KyselyPlugin,
  OperationNodeTransformer,
  OperatorNode,
  ReferenceNode,
  ValueNode,
} from 'kysely';
import type { TestDatabase } from './test-database.ts';

export function withoutFirstWall(database: TestDatabase): TestDatabase {
  const forgetful = new Forgetful();
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => forgetful.transformNode(node),
    transformResult: async ({ result }) => result,
  };
  return {
    ...database,
    kysely: database.kysely.withPlugin(plugin),
    boundTo: (organization) => database.boundTo(organization).withPlugin(plugin),
  };
}

class Forgetful extends OperationNodeTransformer {
  protected override transformBinaryOperation(node: BinaryOperationNode): BinaryOperationNode {
    const { leftOperand, operator, rightOperand } = node;
    const isWall =
      ReferenceNode.is(leftOperand) &&
      ColumnNode.is(leftOperand.column) &&
      leftOperand.column.column.name === 'organization' &&
      OperatorNode.is(operator) &&
      operator.operator === '=' &&
      ValueNode.is(rightOperand);
    if (!isWall) return super.transformBinaryOperation(node);
    return super.transformBinaryOperation({ ...node, rightOperand: leftOperand });
  }
}
