// Where clients and messages send a member who has to sign in at a server. It begins nothing by itself: the reader sees
// first where they are sent.
import { getRouteApi, Link } from '@tanstack/react-router';
import { Page } from '../../parts/page.tsx';
import { ServerConnection } from './server-connection.tsx';

const route = getRouteApi('/signed-in/connect/$name');

export function ConnectPage() {
  const { name } = route.useParams();
  return (
    <Page
      title={`Connect ${name}`}
      trail={<Link to="/servers">Servers</Link>}
      text="The server wants a sign-in of its own. Connect leads to its sign-in page and back here; what you type there, MCPVault never sees."
    >
      <ServerConnection server={{ id: name }} />
    </Page>
  );
}
