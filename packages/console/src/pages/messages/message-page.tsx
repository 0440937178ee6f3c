import { getRouteApi, Link } from '@tanstack/react-router';
import { Page } from '../../parts/page.tsx';
import { MessageView } from './message-view.tsx';

const route = getRouteApi('/signed-in/messages/$id');

export function MessagePage() {
  const { id } = route.useParams();
  return (
    <Page title="Message" heading={null} trail={<Link to="/messages">← Messages</Link>} wide>
      <MessageView id={id} onPage />
    </Page>
  );
}
